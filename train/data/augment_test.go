package data

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

const everyChange = "crop:2,flip,noise:0.05,invert,shift:1"

func augment(t *testing.T, s nn.Samples, list string, seed uint64) *Augmented {
	t.Helper()
	return must(Augment(s, must(ParseAugmentation(list))(t), seed))(t)
}

// What happens to a sample depends on the seed, the epoch and its number, not on the
// block, the lane, the order or the goroutine that asks for it.
func TestAugmentDependsOnSeedEpochAndSampleAlone(t *testing.T) {
	img := testImages(t, 50, nn.Shape{3, 5, 6})
	want := make([][]float32, img.Len())
	for i := range want {
		want[i] = read(augment(t, img, everyChange, 9).AtEpoch(4), i)
	}
	view := augment(t, img, everyChange, 9).AtEpoch(4)
	var wg sync.WaitGroup
	for worker := range uint64(4) {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(worker, 0))
			b, got := nn.NewBlock(img.Shape()), make([]float32, img.Shape().Size())
			for range 50 {
				idx := make([]int, 1+rng.IntN(nn.Lanes))
				for l := range idx {
					idx[l] = rng.IntN(img.Len())
				}
				view.Fill(b, idx)
				for l, i := range idx {
					if b.Sample(l, got); !slices.Equal(got, want[i]) {
						t.Errorf("sample %d in lane %d of %d differs", i, l, len(idx))
						return
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestAugmentDiffersBetweenSamplesEpochsAndSeeds(t *testing.T) {
	same := must(NewImages(nn.Shape{1, 5, 6}, make([]byte, 40*30), make([]int, 40), 1))(t)
	seen := map[float32]bool{}
	for _, seed := range []uint64{0, 1, 2} {
		s := augment(t, same, "noise:1", seed)
		for epoch := range 3 {
			for i := range s.Len() {
				x := read(s.AtEpoch(epoch), i)[0]
				if seen[x] {
					t.Errorf("seed %d, epoch %d, sample %d has the noise of another", seed, epoch, i)
				}
				seen[x] = true
			}
		}
	}
	s := augment(t, same, "noise:1", 1)
	if !slices.Equal(read(s, 3), read(s.AtEpoch(0), 3)) || !slices.Equal(read(s.AtEpoch(1).(Epochal).AtEpoch(2), 3), read(s.AtEpoch(2), 3)) {
		t.Error("a view of a view is another epoch")
	}
}

func TestAugmentClearsLanesWithoutSample(t *testing.T) {
	s := augment(t, testImages(t, 3, nn.Shape{1, 4, 4}), "noise:1,invert:1", 1)
	b := nn.NewBlock(s.Shape())
	for i := range b.Data {
		b.Data[i] = 99
	}
	s.Fill(b, []int{2, 0})
	lane := make([]float32, 16)
	for l := 2; l < nn.Lanes; l++ {
		if b.Sample(l, lane); slices.ContainsFunc(lane, func(x float32) bool { return x != 0 }) {
			t.Fatalf("lane %d is %v", l, lane)
		}
	}
}

// Black moved in before the inversion is white, after it black.
func TestAugmentMakesChangesInTheirOrder(t *testing.T) {
	black := must(NewImages(nn.Shape{1, 3, 3}, make([]byte, 9*64), make([]int, 64), 1))(t)
	hasBlack := func(v []float32) bool { return slices.Contains(v, 0) }
	if all := augmented(t, black, "shift:1,invert:1", 1); slices.ContainsFunc(all, hasBlack) {
		t.Error("shift:1,invert:1 leaves black")
	}
	if all := augmented(t, black, "invert:1,shift:1", 1); !slices.ContainsFunc(all, hasBlack) {
		t.Error("invert:1,shift:1 moves no black in")
	}
}

// Views over an augmented set read its epoch, and keep its groups.
func TestViewsPassTheEpochOn(t *testing.T) {
	a := augment(t, Inverted(testImages(t, 20, nn.Shape{1, 5, 5})), "noise:0.1", 1)
	train, _, err := Split(a, 0.2, 3)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]nn.Samples{
		"Normalize": must(Normalize(a, Norm{Mean: []float64{0.5}}))(t), "Limit": Limit(a, 10), "Split": train,
		"Augment": augment(t, a, "invert:1", 2),
	} {
		first, third := AtEpoch(s, 0), AtEpoch(s, 2)
		if slices.Equal(read(first, 1), read(third, 1)) {
			t.Errorf("%s: epochs 0 and 2 are alike", name)
		}
		if !slices.Equal(read(s, 1), read(first, 1)) {
			t.Errorf("%s: the set itself is not epoch 0", name)
		}
		if third.Len() != s.Len() || third.Label(1) != s.Label(1) {
			t.Errorf("%s: another length or label", name)
		}
	}
	if a.Group(21) != 1 || AtEpoch(a, 2).(Grouped).Group(21) != 1 {
		t.Error("groups are lost")
	}
	img := testImages(t, 3, nn.Shape{1, 5, 5})
	if AtEpoch(img, 7) != nn.Samples(img) {
		t.Error("a set that is the same in each epoch is not itself")
	}
}

func TestAugmentRefusesWhatDoesNotFit(t *testing.T) {
	flat := must(nn.NewTensorSamples(nn.NewTensor(2, 4), []int{0, 1}, 2))(t)
	_, err := Augment(flat, must(ParseAugmentation("flip"))(t), 1)
	wantError(t, err, "augment: samples of shape (4); need (C, H, W)")
	_, err = Augment(testImages(t, 3, nn.Shape{1, 5, 4}), must(ParseAugmentation("flip,shift:4"))(t), 1)
	wantError(t, err, "augment: shift:4 moves pictures of shape (1, 5, 4)", "need less than 4 pixels")
	if _, err = Augment(testImages(t, 3, nn.Shape{1, 5, 4}), must(ParseAugmentation("shift:3"))(t), 1); err != nil {
		t.Error(err)
	}
}

// Sixteen samples at once: what augmentation costs beside a training step.
func BenchmarkAugment(b *testing.B) {
	for name, shape := range map[string]nn.Shape{"28x28": {1, 28, 28}, "3x32x32": {3, 32, 32}} {
		img, err := NewImages(shape, make([]byte, 64*shape.Size()), make([]int, 64), 1)
		if err != nil {
			b.Fatal(err)
		}
		idx := make([]int, nn.Lanes)
		for i := range idx {
			idx[i] = i * 3
		}
		block := nn.NewBlock(shape)
		for _, list := range []string{"none", "shift:2", "crop:4,flip", "noise:0.1", "invert"} {
			changes, err := ParseAugmentation(list)
			if err != nil {
				b.Fatal(err)
			}
			var s nn.Samples = img
			if len(changes) > 0 {
				if s, err = Augment(img, changes, 1); err != nil {
					b.Fatal(err)
				}
			}
			b.Run(name+"/"+list, func(b *testing.B) {
				for b.Loop() {
					s.Fill(block, idx)
				}
			})
		}
	}
}
