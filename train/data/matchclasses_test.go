package data

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestMatchClasses(t *testing.T) {
	list := func(names string) ClassNames {
		if names == "" {
			return nil
		}
		return strings.Split(names, ",")
	}
	for _, tt := range []struct {
		set, network string
		classes      int
		want         string
		err          []string
	}{
		{"ant,cat", "ant,cat", 2, "[]", nil},
		{"ant,cat", "cat,ant", 2, "[1 0]", nil},
		{"10,30", "10,2,30", 3, "[0 2]", nil},
		{"Cat,dog_house, ant", "ANT,cat,Dog-House", 3, "[1 2 0]", nil},
		{"Ananás,piña", "pin\u0303a,anana\u0301s", 2, "[1 0]", nil},
		{"A,a", "a,A", 2, "[1 0]", nil},
		{"a", "A,B", 2, "[0]", nil},
		{"a,B", "A,a,b", 3, "[1 2]", nil},
		{"ant,cat", "", 2, "[]", nil},
		{"", "ant,cat", 2, "[]", nil},
		{"", "", 2, "[]", nil},
		{"3,7", "", 10, "[3 7]", nil},
		{"0,1,10,11,2,3,4,5,6,7,8,9", "", 12, "[0 1 10 11 2 3 4 5 6 7 8 9]", nil},
		{"0,1,2", "", 3, "[]", nil},
		{"1,2,3", "", 3, "[]", nil},  // not all are below 3
		{"07,3", "", 10, "[]", nil},  // 07 is a name
		{"3,ant", "", 10, "[]", nil}, // not all are numbers
		{"malignant,normal", "benign,malignant", 2, "", []string{`no class "normal"; its classes are "benign", "malignant", those of the data set "malignant", "normal"`}},
		{"CAT", "cat,Cat", 2, "", []string{`no class "CAT"`}}, // it might be either
		{"cat,CAT", "cat,dog", 2, "", []string{`no class "CAT"`}},
		{"Cat,CAT", "cat,dog", 2, "", []string{`no class "CAT"`}},
	} {
		got, err := MatchClasses(list(tt.set), list(tt.network), tt.classes)
		if tt.err != nil {
			wantError(t, err, tt.err...)
			continue
		}
		if err != nil || fmt.Sprint(got) != tt.want {
			t.Errorf("%q in %q of %d: %v, %v; want %s", tt.set, tt.network, tt.classes, got, err, tt.want)
		}
	}
	many := make(ClassNames, 1000)
	for i := range many {
		many[i] = strings.Repeat("x", 100) + fmt.Sprint(i)
	}
	_, err := MatchClasses(many, ClassNames{"a"}, 1)
	wantError(t, err, "and 988 more")
	if len(err.Error()) > 2000 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func TestSetMatchClasses(t *testing.T) {
	grey := func(v byte) []byte { return greyPNG(t, 1, 1, v) }
	set := must(Open(folderOf(t, "x", map[string][]byte{"train/a/0.png": grey(1), "train/c/0.png": grey(3), "test/c/0.png": grey(3), "val/a/0.png": grey(1)})))(t)
	names := ClassNames{"C", "b", "a"}
	got := must(set.MatchClasses(names, 3))(t)
	labels := func(s nn.Samples) (l []int) {
		for i := range s.Len() {
			l = append(l, s.Label(i))
		}
		return l
	}
	if all := fmt.Sprint(labels(got.Train), labels(got.Test), labels(got.Val)); all != "[2 0] [0] [2]" {
		t.Errorf("labels %s", all)
	}
	if !slices.Equal(got.ClassNames, names) || got.Train.Classes() != 3 || fmt.Sprint(Counts(got.Train)) != "[1 0 1]" {
		t.Errorf("classes %q, %d, pictures of each %v", got.ClassNames, got.Train.Classes(), Counts(got.Train))
	}
	if len(got.Notes) != 1 || !strings.Contains(got.Notes[0], "by name: 2 of its 3") || set.Notes != nil {
		t.Errorf("notes %q", got.Notes)
	}
	if x := read(got.Train, 1); x[0] != float32(3)/255 {
		t.Errorf("picture 1 is %v", x)
	}
	if same := must(set.MatchClasses(ClassNames{"a", "c"}, 2))(t); same != set {
		t.Error("a set of the same classes is changed")
	}
	_, err := set.MatchClasses(ClassNames{"a", "d"}, 2)
	wantError(t, err, set.Name, `no class "c"`)
}

// A view of a view keeps groups and epochs.
func TestRelabelKeepsGroupsAndEpochs(t *testing.T) {
	img := testImages(t, 6, nn.Shape{1, 2, 2})
	r := Relabel(Inverted(img), []int{2, 1, 0}, 4)
	if r.Group(7) != 1 || r.Label(6) != 2 || Limit(r, 3).Classes() != 4 || Limit(r, 4).Label(2) != 2 {
		t.Errorf("group %d, label %d", r.Group(7), r.Label(6))
	}
	if AtEpoch(Relabel(epochs{img}, []int{2, 1, 0}, 4), 5).Label(0) != 2 || AtEpoch(Relabel(epochs{img}, []int{2, 1, 0}, 4), 5).Len() != 5 {
		t.Error("an epoch of a relabelled set")
	}
}

// epochs is a set that has n samples in epoch n.
type epochs struct{ *Images }

func (e epochs) AtEpoch(n int) nn.Samples { return Limit(e.Images, n) }
