package nntest

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// planarTolerance is by norm: sums for a single sample may be in another order.
const planarTolerance = 2e-6

// checkPlanar: a single sample has the output that it has in a block, to rounding, and the same
// bits for any number of workers, any of which may be ahead, and any contents of memory.
func checkPlanar(b *fixture, _ *report) error {
	o, ok := b.op.(op.Planar)
	if !ok {
		return nil
	}
	block := b.run(2).y
	for undivided := range 1 << min(len(b.In), 2) { // set of inputs whose channels one worker owns
		var in []op.Planes
		for k, shape := range b.In {
			p := op.PlanesOf(shape)
			if undivided>>k&1 == 1 {
				p.Grain = p.Channels
			}
			in = append(in, p)
		}
		for s, want := range block {
			if err := b.checkSingle(o, in, 0, s, want); err != nil {
				return fmt.Errorf("single sample: %w", err)
			}
		}
	}
	return b.checkPacked(o, block)
}

// checkPacked is checkPlanar for inputs that are packed, with a border that may be wider than
// the op wants, and readers of the output that want a border.
func (b *fixture) checkPacked(o op.Planar, block [][]float32) error {
	border, ok := 0, false
	if r, is := o.(op.PackedReader); is {
		border, ok = r.ReadsPacked()
	}
	for wider := range 2 {
		var in []op.Planes
		for _, shape := range b.In {
			p := op.PlanesOf(shape)
			if ok && len(shape) == 3 && shape[0]%op.Lanes == 0 {
				p = op.NewPacked(shape[0], shape[1], shape[2], border+wider)
			}
			in = append(in, p)
		}
		for s, want := range block {
			if err := b.checkSingle(o, in, 1+wider, s, want); err != nil {
				return fmt.Errorf("single sample, packed with a border of %d: %w", border+wider, err)
			}
		}
	}
	return nil
}

func (b *fixture) checkSingle(o op.Planar, in []op.Planes, border, sample int, want []float32) error {
	var first []float32
	for _, workers := range []int{1, 2, 3, 5} {
		for variant := range 8 {
			steps, ok := o.Planar(in, border)
			if !ok {
				return nil
			}
			a := &singleRun{fixture: b, in: in, border: border, steps: steps, workers: workers, backwards: variant&1 == 1, inPlace: variant&2 == 2, junk: nan}
			if variant&4 == 4 {
				a.junk = math.MaxFloat32
			}
			got, err := a.run(b.x[sample])
			if err != nil {
				return err
			}
			if first == nil {
				first = got
				if d := distance(wide([][]float32{got})[0], wide([][]float32{want})[0]); !(d <= planarTolerance) {
					return fmt.Errorf("the output is %.1e from that in a block, need %.0e", d, planarTolerance)
				}
			}
			if !slices.Equal(got, first) {
				return fmt.Errorf("the output changes with %v", a)
			}
		}
	}
	return nil
}

// singleRun runs the layer on a single sample.
type singleRun struct {
	*fixture
	in        []op.Planes
	border    int // that readers of the output want
	steps     []op.PlanarStep
	workers   int
	backwards bool    // between two barriers the last worker runs first
	inPlace   bool    // for steps that allow it
	junk      float32 // contents of memory before
}

func (a *singleRun) String() string {
	last, place := "first", ""
	if a.backwards {
		last = "last"
	}
	if a.inPlace {
		place = " in place"
	}
	return fmt.Sprintf("%d workers%s, of which the %s is ahead, in memory that held %g", a.workers, place, last, a.junk)
}

func (a *singleRun) memory(size int) []float32 {
	v := make([]float32, size)
	fill(v, a.junk)
	return v
}

// run returns the output. Workers first write the channels of the inputs that they own, as a
// layer before would do.
func (a *singleRun) run(sample [][]float32) ([]float32, error) {
	var x [][]float32
	for _, p := range a.in {
		x = append(x, a.memory(p.Size()))
	}
	inputs := x
	work := []func(s op.Share){func(s op.Share) {
		for k, p := range a.in {
			if !p.Packed {
				for c, hi := p.Share(s); c < hi; c++ {
					copy(inputs[k][c*p.Plane:], sample[k][c*p.H*p.W:][:p.H*p.W])
				}
			} else if s.I == 0 {
				fill(inputs[k][:p.Channels/op.Lanes*p.Plane], 0) // the border
				p.Write(inputs[k], sample[k])
			}
		}
	}}
	planes, overwritten := a.in[0], false
	for i, s := range a.steps {
		if s.Mixes || i > 0 && a.steps[i-1].Scatters || i == 0 && slices.ContainsFunc(a.in, isPacked) {
			a.workAll(work)
			work = nil
		}
		var y []float32
		switch {
		case s.InPlace && s.Mixes:
			return nil, fmt.Errorf("step %d is in place and mixes", i)
		case s.InPlace && (s.To.Size() != planes.Size() || s.Scratch != 0):
			return nil, fmt.Errorf("step %d is in place, but does not have the memory of its input", i)
		case s.InPlace && a.inPlace:
			y, overwritten = x[0], overwritten || i == 0
		default:
			y = a.memory(s.To.Size() + s.Scratch)
			clearBorder(s.To, y)
		}
		from, w := x, a.w
		if s.Prepare.Compute != nil {
			w = op.Weights{a.memory(s.Prepare.Floats)}
			s.Prepare.Compute(a.w, w[0])
		}
		work = append(work, func(share op.Share) { s.Run(share, w, from, y) })
		x, planes = append([][]float32{y}, x[1:]...), s.To
	}
	a.workAll(work)
	got, err := a.output(planes, x[0])
	for k, p := range a.in {
		if v := make([]float32, len(sample[k])); !overwritten {
			if p.Read(inputs[k], v); !slices.Equal(v, sample[k]) {
				err = errors.Join(err, fmt.Errorf("input %d changes", k))
			}
		}
	}
	return got, err
}

func isPacked(p op.Planes) bool { return p.Packed }

// workAll does the work between two barriers, one worker after the other, so that they are as
// far apart as possible.
func (a *singleRun) workAll(work []func(op.Share)) {
	for i := range a.workers {
		if a.backwards {
			i = a.workers - 1 - i
		}
		for _, f := range work {
			f(op.Share{I: i, N: a.workers})
		}
	}
}

// output reads the output of the last step, or the input if there are no steps.
func (a *singleRun) output(p op.Planes, memory []float32) ([]float32, error) {
	shape := a.op.Shape()
	want := op.PlanesOf(shape)
	if len(a.steps) == 0 {
		if v, ok := a.op.(op.View); !ok || !v.View(false) {
			return nil, errors.New("no steps, but it is no View")
		}
		p = want
	}
	if p.Packed && len(a.steps) > 0 && p != op.NewPacked(want.Channels, want.H, want.W, a.border) ||
		p.Channels != want.Channels || p.H != want.H || p.W != want.W || p.Plane < p.H*p.W || p.Plane%nn.Lanes != 0 || p.Channels%p.Grain != 0 {
		return nil, fmt.Errorf("the output is laid out as %+v, its shape is %v", p, shape)
	}
	y := make([]float32, shape.Size())
	p.Read(memory, y)
	return y, checkBorder(p, memory)
}

// clearBorder writes zeros to the border of a packed layout.
func clearBorder(p op.Planes, memory []float32) {
	eachBorder(p, memory, func(v []float32, _, _ int) { v[0] = 0 })
}

// checkBorder returns an error unless the border of a packed layout is 0.
func checkBorder(p op.Planes, memory []float32) (err error) {
	eachBorder(p, memory, func(v []float32, y, x int) {
		if v[0] != 0 {
			err = fmt.Errorf("row %d, column %d of the border is %g, need 0", y, x, v[0])
		}
	})
	return err
}

// eachBorder calls f for each number in the border of a packed layout, with its row and column.
func eachBorder(p op.Planes, memory []float32, f func(v []float32, y, x int)) {
	for c := 0; c < p.Channels && p.Packed; c += op.Lanes {
		maps := memory[c/op.Lanes*p.Plane:][:p.Plane]
		for i := range maps {
			y, x := i/op.Lanes/p.Pitch()-p.Border, i/op.Lanes%p.Pitch()-p.Border
			if y < 0 || y >= p.H || x < 0 || x >= p.W {
				f(maps[i:], y, x)
			}
		}
	}
}
