package nntest

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// Case is a layer with its inputs and its definition.
type Case struct {
	Layer nn.Layer
	In    []nn.Shape
	// Formula gives the output of one sample, in C, H, W order, from the parameters w
	// (in the order of Op.Params) and the inputs x. It is called with values moved by
	// a hair, so it must be smooth at least 1e-4 around every x that is tried. Those are
	// of magnitude 0.05 to 1.5 and the same in every run: a kink at 0 is fine, and one
	// that lies between them.
	Formula func(w, x [][]float64) []float64
	// Training, if not nil, is what the layer computes in training, where that is something
	// else: the outputs of a whole batch from the parameters and each sample's inputs.
	Training func(w [][]float64, x [][][]float64) [][]float64
	// Distinct draws inputs whose values are further apart than that, for a formula
	// with kinks where two of them are equal, such as the larger one.
	Distinct bool
}

// Layer checks all that a layer owes:
//
//   - Bind refuses the wrong number of inputs, and parameters are well formed;
//   - the output is the formula's, and a sample's does not depend on its neighbours;
//   - the gradient of every trained parameter and input is that of the formula (central
//     finite differences in float64), for 1, 3, 16 and 17 samples;
//   - so are those of a step of training on 2, 5, 16, 17 and 33 samples, if the layer
//     computes something else then;
//   - Backward adds to parameter gradients, overwrites input gradients, leaves out
//     those that are not wanted, and changes nothing else;
//   - lanes without a sample do not leak into gradients;
//   - what it says of itself by the further interfaces of package op is true, in inference and
//     in training: shares of its work write what the whole does, to the bit; Backward reads
//     no more than it says; the output may have the memory of the input, or is the same;
//     neither scratch nor, for one sample alone, any other memory is read before it is
//     written; that sample gives what it does in a block;
//   - one Op serves many goroutines at once, and in a network the gradients are the
//     same to the bit for any number of workers.
func Layer(t testing.TB, c Case) {
	t.Helper()
	r, errs := check(c)
	for _, err := range errs {
		t.Errorf("%s on %v: %v", c.Layer.Kind(), c.In, err)
	}
	t.Logf("%s on %v: forward %.1e, gradients %.1e from float64", c.Layer.Kind(), c.In, r.forward, r.gradient)
}

// Refuses checks that a layer does not take the inputs, and that the error has all
// the words.
func Refuses(t testing.TB, l nn.Layer, in []nn.Shape, words ...string) {
	t.Helper()
	op, err := l.Bind(in)
	if err == nil {
		t.Errorf("%s %+v takes %v, want an error", l.Kind(), l, in)
		return
	}
	if op != nil {
		t.Errorf("%s %+v on %v: both an Op and the error %q", l.Kind(), l, in, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%s %+v on %v: error %q does not say %q", l.Kind(), l, in, err, w)
		}
	}
}

// report holds the largest distances found, by norm.
type report struct{ forward, gradient float64 }

// check runs all checks and returns what is wrong.
func check(c Case) (r report, errs []error) {
	b, err := newFixture(c)
	if err != nil {
		return r, []error{err}
	}
	for _, f := range []func(*fixture, *report) error{
		checkBind, checkForward, checkGradients, checkNeighbours,
		checkTraining, checkBackwardContract, checkUnwanted, checkEmptyLanes, checkConcurrent, checkWorkers,
		checkShares, checkBackwardReads, checkInPlace, checkView, checkScratch, checkPlanar,
	} {
		if err := f(b, &r); err != nil {
			errs = append(errs, err)
		}
	}
	return r, errs
}

// inputs are values for one input of a sample; in a distinct case, such that no two magnitudes are
// within 1/n of each other.
func (c Case) inputs(rng *rand.Rand, n int) []float32 {
	v := values(rng, n)
	if !c.Distinct {
		return v
	}
	for i, rank := range rng.Perm(n) {
		size := float32(0.05 + 1.45*(float64(rank)+0.1)/float64(n))
		if v[i] < 0 {
			size = -size
		}
		v[i] = size
	}
	return v
}

// values are random, of magnitude 0.05 to 1.5: away from 0, where kinks are.
func values(rng *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(0.05 + 1.45*rng.Float64())
		if rng.IntN(2) == 0 {
			v[i] = -v[i]
		}
	}
	return v
}
