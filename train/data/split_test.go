package data

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestSplitKeepsGroupsTogetherAndLosesNothing(t *testing.T) {
	img := testImages(t, 50, nn.Shape{1, 2, 2})
	for name, s := range map[string]nn.Samples{
		"plain": img, "doubled": Inverted(img), "limited": Limit(Inverted(img), 40),
		"normalised": must(Normalize(Inverted(img), Norm{}))(t),
	} {
		t.Run(name, func(t *testing.T) {
			train, val, err := Split(s, 0.2, 7)
			if err != nil {
				t.Fatal(err)
			}
			if want := s.Len() / 5; val.Len() != want {
				t.Errorf("%d samples for validation, want %d", val.Len(), want)
			}
			all := slices.Concat(train.index, val.index)
			slices.Sort(all)
			for i, j := range all {
				if i != j {
					t.Fatalf("sample %d is missing or twice", i)
				}
			}
			held := map[int]bool{}
			for i := range val.Len() {
				held[val.Group(i)] = true
			}
			for i := range train.Len() {
				if held[train.Group(i)] {
					t.Fatalf("picture %d is in both parts", train.Group(i))
				}
			}
		})
	}
}

func TestSplitDependsOnTheSeedAlone(t *testing.T) {
	s := Inverted(testImages(t, 50, nn.Shape{1, 2, 2}))
	_, a, _ := Split(s, 0.2, 7)
	_, b, _ := Split(s, 0.2, 7)
	_, c, _ := Split(s, 0.2, 8)
	if !slices.Equal(a.index, b.index) {
		t.Error("the same seed splits differently")
	}
	if slices.Equal(a.index, c.index) {
		t.Error("another seed splits the same")
	}
}

func TestSplitRefusesEmptyParts(t *testing.T) {
	s := testImages(t, 4, nn.Shape{1, 2, 2})
	for _, fraction := range []float64{0, 1, -0.5, 2, 0.1, 0.95, math.NaN(), math.Inf(1)} {
		train, val, err := Split(s, fraction, 1)
		if train != nil || val != nil {
			t.Errorf("fraction %v: a part beside an error", fraction)
		}
		wantError(t, err, "split: ", fmt.Sprint(fraction))
	}
}
