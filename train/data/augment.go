package data

import (
	"fmt"
	"sync"

	"github.com/gonn-toolkit/gonn/nn"
)

// Augmented is a set whose samples are changed at random, otherwise in each epoch.
type Augmented struct {
	nn.Samples
	changes Augmentation
	seed    uint64
	epoch   int
	shelf   *sync.Pool // of rows of samples, so that Fill does not allocate
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
	size := nn.Lanes * shape.Size()
	shelf := &sync.Pool{New: func() any { rows := make([]float32, size); return &rows }}
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
func (s *Augmented) Fill(dst nn.Block, idx []int) error {
	if err := s.Samples.Fill(dst, idx); err != nil {
		return err
	}
	rows := s.shelf.Get().(*[]float32)
	dst.Rows(*rows)
	shape := s.Shape()
	size := shape.Size()
	for l, i := range idx {
		p := picture{v: (*rows)[l*size : (l+1)*size], height: shape[1], width: shape[2]}
		draws := streamOf(s.seed, s.epoch, i)
		for _, c := range s.changes {
			draws = c.apply(p, draws)
		}
	}
	dst.SetRows(*rows)
	s.shelf.Put(rows)
	return nil
}
