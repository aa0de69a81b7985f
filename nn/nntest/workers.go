package nntest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// checkWorkers: in a network, gradients have the same bits for any number of workers.
func checkWorkers(b *fixture, _ *report) error {
	net, data, idx, err := b.network(3*nn.Lanes+2, rand.New(rand.NewPCG(3, 4)), func(s nn.Shape) nn.Layer { return feed{s} })
	if err != nil {
		return err
	}
	var first []float32
	for _, workers := range []int{1, 2, 3, 8} {
		s := nn.NewStepper(net, loss.CrossEntropy{}, workers)
		if _, err := s.Step(data, idx); err != nil {
			return err
		}
		grads := slices.Concat(s.Grads().Of(net.Params())...)
		if first == nil {
			first = grads
		}
		if !slices.Equal(grads, first) {
			return fmt.Errorf("%d workers give other gradients than 1", workers)
		}
	}
	return nil
}
