package data

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/gonn-toolkit/gonn/nn"
)

// Augmented is a set whose samples are changed at random, otherwise in each epoch.
type Augmented struct {
	nn.Samples
	changes Augmentation
	seed    uint64
	epoch   int
	shelf   *sync.Pool // of *workbench, so that Fill does not allocate
}

// Augment is a view of a set whose samples (C, H, W) go through the changes of a.
// What happens to sample i of the set in an epoch is drawn from the seed, the epoch
// and i alone: it is the same whichever worker asks for it, in whichever batch, and
// after a resume. The view itself is that of epoch 0.
//
// Changes see what the set gives, so black and white are 0 and 1 if it is not
// normalised: Normalize comes after Augment.
func Augment(s nn.Samples, a Augmentation, seed uint64) (*Augmented, error) {
	shape := s.Shape()
	if len(shape) != 3 {
		return nil, fmt.Errorf("augment: samples of shape %v; need (C, H, W)", shape)
	}
	for _, c := range a {
		if c.reach >= min(shape[1], shape[2]) {
			return nil, fmt.Errorf("augment: %s moves pictures of shape %v by up to their whole size; need less than %d pixels",
				c.spelled, shape, min(shape[1], shape[2]))
		}
	}
	shelf := &sync.Pool{New: func() any { return newWorkbench(shape) }}
	return &Augmented{Samples: s, changes: a, seed: seed, shelf: shelf}, nil
}

// AtEpoch is the set as epoch n reads it.
func (s *Augmented) AtEpoch(n int) nn.Samples {
	view := *s
	view.Samples, view.epoch = AtEpoch(s.Samples, n), n
	return &view
}

// Group keeps what belongs together in the set together in the view.
func (s *Augmented) Group(i int) int { return groupOf(s.Samples, i) }

// Fill writes the changed samples idx into the lanes of dst.
func (s *Augmented) Fill(dst nn.Block, idx []int) {
	s.Samples.Fill(dst, idx)
	b := s.shelf.Get().(*workbench)
	b.take(dst, len(idx))
	for l, i := range idx {
		seedSample(&b.rng, s.seed, s.epoch, i)
		for _, c := range s.changes {
			c.apply(b.pictures[l], &b.rng)
		}
	}
	b.put(dst, len(idx))
	s.shelf.Put(b)
}

// workbench is where samples lie picture by picture while they are changed.
type workbench struct {
	pictures [nn.Lanes]picture
	rng      rand.PCG
}

func newWorkbench(shape nn.Shape) *workbench {
	b := new(workbench)
	size := shape.Size()
	// Pictures of 32 × 32 × 3 side by side would all begin in one set of the
	// cache; a gap between them keeps all lanes of a pixel there.
	stride := size + nn.Lanes
	all := make([]float32, nn.Lanes*stride)
	for l := range b.pictures {
		b.pictures[l] = picture{v: all[l*stride : l*stride+size : l*stride+size], height: shape[1], width: shape[2]}
	}
	return b
}

// take copies the first n lanes of a block, put copies them back.
func (b *workbench) take(src nn.Block, n int) {
	for i := range len(src.Data) / nn.Lanes {
		for l, x := range src.Data[i*nn.Lanes : i*nn.Lanes+n] {
			b.pictures[l].v[i] = x
		}
	}
}

func (b *workbench) put(dst nn.Block, n int) {
	for i := range len(dst.Data) / nn.Lanes {
		lanes := dst.Data[i*nn.Lanes : i*nn.Lanes+n]
		for l := range lanes {
			lanes[l] = b.pictures[l].v[i]
		}
	}
}

// augmentStream keeps the draws of augmentation apart from those of the order of
// samples, which come from the same seed.
const augmentStream = 0x61756d656e74

// seedSample begins the stream of random numbers of a sample in an epoch. The
// numbers are mixed, because the streams of neighbouring states of PCG are alike at
// first.
func seedSample(rng *rand.PCG, seed uint64, epoch, sample int) {
	rng.Seed(mix(seed^augmentStream), mix(mix(uint64(epoch))+uint64(sample)))
}

// mix is the finaliser of SplitMix64, a bijection whose every bit depends on all bits
// of x.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
