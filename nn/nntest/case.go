package nntest

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// Case is a layer with the shapes of its inputs and its definition.
type Case struct {
	Layer nn.Layer
	In    []nn.Shape
	// Formula computes the output of one sample, in C, H, W order, from the parameters w, in
	// the order of op.Op.Params, and the inputs x. Gradients are compared with its finite
	// differences, so it must be smooth within 1e-4 of every x. The values of x are of
	// magnitude 0.05 to 1.5 and the same in every run, so a kink at 0 is allowed.
	Formula func(w, x [][]float64) []float64
	// Training is the formula in training, if it is another one: it computes the outputs of a
	// whole batch from the parameters and the inputs of each sample. Otherwise it is nil.
	Training func(w [][]float64, x [][][]float64) [][]float64
	// Distinct draws inputs whose values differ from each other by more than that, for a
	// formula with kinks where two inputs are equal, such as their maximum.
	Distinct bool
}

// Layer checks that
//
//   - Bind rejects missing inputs, and the declared parameters are valid;
//   - the output is that of the formula, and does not depend on the other samples;
//   - the gradients of all trained parameters and inputs are those of the formula, by central
//     finite differences in float64, for 1, 3, 16 and 17 samples;
//   - so are the gradients of a training step on 2, 5, 16, 17 and 33 samples, if
//     Case.Training is set;
//   - Backward adds to gradients of parameters, overwrites gradients of inputs, skips those
//     that are not wanted, and changes nothing else;
//   - lanes without a sample do not change gradients;
//   - the optional interfaces of package op are implemented correctly, in inference and in
//     training: shares of the work have the bits of the whole (Splitter); Backward reads only
//     what it declares (BackwardReader); results do not change if buffers are shared (InPlace,
//     View); uninitialised memory is not read (Scratcher, Planar); a single sample has the
//     output that it has in a block, to rounding (Planar);
//   - one Op may be used by many goroutines at once, and in a network the gradients have the
//     same bits for any number of workers.
func Layer(t testing.TB, c Case) {
	t.Helper()
	r, errs := check(c)
	for _, err := range errs {
		t.Errorf("%s on %v: %v", c.Layer.Kind(), c.In, err)
	}
	addToTotal(c, r)
	t.Logf("%s on %v: forward %.1e, gradients %.1e, in training %.1e from float64", c.Layer.Kind(), c.In, r.forward, r.gradient, r.training)
}

// Refuses checks that a layer rejects inputs of these shapes with an error that contains all
// words.
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

// report has the largest relative errors found, by norm, and the number of values of gradients that
// were compared.
type report struct {
	forward, gradient, training float64
	values                      int
}

// check runs all checks and returns their errors.
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

// inputs are values for one input of a sample. If Distinct is set, no two magnitudes are within
// 1/n of each other.
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

// values are random values of magnitude 0.05 to 1.5, away from kinks at 0.
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
