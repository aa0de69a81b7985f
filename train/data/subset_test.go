package data

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestLimitKeepsPicturesWithTheirInverses(t *testing.T) {
	img := testImages(t, 10, nn.Shape{1, 2, 2})
	plain, doubled := nn.Samples(img), nn.Samples(Inverted(img))
	for _, tt := range []struct {
		name string
		set  nn.Samples
		n    int
		want []int // samples of the set; nil for the set itself
	}{
		{"plain", plain, 3, []int{0, 1, 2}},
		{"doubled, even", doubled, 4, []int{0, 1, 10, 11}},
		{"doubled, odd: the last inverse is left out", doubled, 5, []int{0, 1, 2, 10, 11}},
		{"doubled, one", doubled, 1, []int{0}},
		{"a limit of a limit", Limit(doubled, 6), 2, []int{0, 10}},
		{"none", doubled, 0, nil},
		{"as many as there are", doubled, 20, nil},
		{"more than there are", plain, 11, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Limit(tt.set, tt.n)
			if tt.want == nil {
				if got != tt.set {
					t.Fatal("not the set itself")
				}
				return
			}
			if got.Len() != len(tt.want) || got.Classes() != 3 {
				t.Fatalf("%d samples of %d classes, want %d of 3", got.Len(), got.Classes(), len(tt.want))
			}
			for i, j := range tt.want {
				if !slices.Equal(read(got, i), read(doubled, j)) || got.Label(i) != doubled.Label(j) {
					t.Errorf("sample %d is not sample %d of the set", i, j)
				}
			}
		})
	}
}

func TestCountsAreByClass(t *testing.T) {
	s := Inverted(testImages(t, 10, nn.Shape{1, 2, 2}))
	if got := Counts(s); !slices.Equal(got, []int{8, 6, 6}) {
		t.Errorf("counts %v, want [8 6 6]", got)
	}
}
