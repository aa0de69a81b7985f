package exec

import (
	"math"
	"sync/atomic"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// What the ops of the tests have in common: elements one by one, of which a share does a
// part, and enough work on paper that teams form.
type base struct {
	shape op.Shape
	share op.Share
	calls *calls
}

// calls counts, once for all shares.
type calls struct{ forward, backward atomic.Int32 }

func newBase(s op.Shape) base { return base{s, op.Whole, &calls{}} }

func (b base) Shape() op.Shape        { return b.shape }
func (b base) Params() []op.ParamSpec { return nil }
func (b base) MACs() int              { return 1 << 20 }

func (b base) split(i, n int) base {
	b.share = op.Share{I: i, N: n}
	return b
}

// each calls f for each float of the share.
func (b base) each(f func(i int)) {
	lo, hi := b.share.Of(b.shape.Size())
	for i := lo * op.Lanes; i < hi*op.Lanes; i++ {
		f(i)
	}
}

func (b base) forward(f func(i int)) {
	if b.share.I == 0 {
		b.calls.forward.Add(1)
	}
	b.each(f)
}

func (b base) backward(f func(i int)) {
	if b.share.I == 0 {
		b.calls.backward.Add(1)
	}
	b.each(f)
}

// unary is a function of one element; what its derivative reads differs.
type unary struct {
	base
	f         func(x float32) float32
	d         func(x, y float32) float32
	in        bool // place
	readsX, y bool
}

func (o unary) Split(i, n int) op.Op       { o.base = o.split(i, n); return o }
func (o unary) InPlace() bool              { return o.in }
func (o unary) BackwardReads() (x, y bool) { return o.readsX, o.y }

func (o unary) Forward(c *op.Call) {
	o.forward(func(i int) { c.Y.Data[i] = o.f(c.X[0].Data[i]) })
}

func (o unary) Backward(c *op.Call) {
	o.backward(func(i int) {
		var x, y float32
		if o.readsX {
			x = c.X[0].Data[i]
		}
		if o.y {
			y = c.Y.Data[i]
		}
		c.DX[0].Data[i] = c.DY.Data[i] * o.d(x, y)
	})
}

func negative(s op.Shape) op.Op { // reads nothing in the backward pass
	return unary{newBase(s), func(x float32) float32 { return -x }, func(_, _ float32) float32 { return -1 }, true, false, false}
}

func softsign(s op.Shape) op.Op { // reads its output
	abs := func(v float32) float32 { return float32(math.Abs(float64(v))) }
	return unary{newBase(s), func(x float32) float32 { return x / (1 + abs(x)) },
		func(_, y float32) float32 { return (1 - abs(y)) * (1 - abs(y)) }, true, false, true}
}

func sine(s op.Shape) op.Op { // reads its input
	return unary{newBase(s), func(x float32) float32 { return float32(math.Sin(float64(x))) },
		func(x, _ float32) float32 { return float32(math.Cos(float64(x))) }, true, true, false}
}

func cosine(s op.Shape) op.Op { // likewise, and never in place
	return unary{newBase(s), func(x float32) float32 { return float32(math.Cos(float64(x))) },
		func(x, _ float32) float32 { return -float32(math.Sin(float64(x))) }, false, true, false}
}

// scale multiplies by a parameter. It does not say what Backward reads.
type scale struct{ base }

func (o scale) Split(i, n int) op.Op { o.base = o.split(i, n); return o }

func (o scale) Forward(c *op.Call) {
	o.forward(func(i int) { c.Y.Data[i] = c.W[0][i/op.Lanes] * c.X[0].Data[i] })
}

func (o scale) Backward(c *op.Call) {
	o.backward(func(i int) {
		if c.DW[0] != nil {
			c.DW[0][i/op.Lanes] += c.DY.Data[i] * c.X[0].Data[i]
		}
		if c.DX[0].Data != nil {
			c.DX[0].Data[i] = c.W[0][i/op.Lanes] * c.DY.Data[i]
		}
	})
}

// sum and product join any number of inputs.
type sum struct{ base }

func (o sum) Split(i, n int) op.Op       { o.base = o.split(i, n); return o }
func (o sum) BackwardReads() (x, y bool) { return false, false }

func (o sum) Forward(c *op.Call) {
	o.forward(func(i int) {
		y := float32(0)
		for _, x := range c.X {
			y += x.Data[i]
		}
		c.Y.Data[i] = y
	})
}

func (o sum) Backward(c *op.Call) {
	o.backward(func(i int) {
		for _, dx := range c.DX {
			if dx.Data != nil {
				dx.Data[i] = c.DY.Data[i]
			}
		}
	})
}

// sumInPlace may have the memory of its first input.
type sumInPlace struct{ sum }

func (o sumInPlace) Split(i, n int) op.Op { o.base = o.split(i, n); return o }
func (o sumInPlace) InPlace() bool        { return true }

type product struct{ base }

func (o product) Split(i, n int) op.Op       { o.base = o.split(i, n); return o }
func (o product) BackwardReads() (x, y bool) { return true, false }

func (o product) Forward(c *op.Call) {
	o.forward(func(i int) {
		y := float32(1)
		for _, x := range c.X {
			y *= x.Data[i]
		}
		c.Y.Data[i] = y
	})
}

func (o product) Backward(c *op.Call) {
	o.backward(func(i int) {
		for k, dx := range c.DX {
			if dx.Data == nil {
				continue
			}
			d := c.DY.Data[i]
			for j, x := range c.X {
				if j != k {
					d *= x.Data[i]
				}
			}
			dx.Data[i] = d
		}
	})
}

// reshape is a view.
type reshape struct{ base }

func (o reshape) View(bool) bool             { return true }
func (o reshape) BackwardReads() (x, y bool) { return false, false }

func (o reshape) Forward(c *op.Call) {
	o.forward(func(i int) { c.Y.Data[i] = c.X[0].Data[i] })
}

func (o reshape) Backward(c *op.Call) {
	o.backward(func(i int) { c.DX[0].Data[i] = c.DY.Data[i] })
}

// drop lets every second value pass in training, by chance, and is a view in inference.
type drop struct{ base }

func (o drop) Split(i, n int) op.Op       { o.base = o.split(i, n); return o }
func (o drop) View(training bool) bool    { return !training }
func (o drop) InPlace() bool              { return true }
func (o drop) BackwardReads() (x, y bool) { return false, false }

func (o drop) pass(c *op.Call, y, x op.Block) func(i int) {
	return func(i int) {
		y.Data[i] = x.Data[i]
		if c.Training != nil && op.Mix(c.Training.Key+uint64(c.Training.First*1000+i))%2 == 0 {
			y.Data[i] = 0
		}
	}
}

func (o drop) Forward(c *op.Call)  { o.forward(o.pass(c, c.Y, c.X[0])) }
func (o drop) Backward(c *op.Call) { o.backward(o.pass(c, c.DX[0], c.DY)) }

// mix adds to each element the one after it, which another share brings: through scratch
// memory, behind a barrier.
type mix struct{ base }

func (o mix) Split(i, n int) op.Op       { o.base = o.split(i, n); return o }
func (o mix) Scratch() int               { return o.shape.Size() * op.Lanes }
func (o mix) BackwardReads() (x, y bool) { return false, false }
func (o mix) InPlace() bool              { return true }

func (o mix) Forward(c *op.Call)  { o.add(c, c.Y, c.X[0], op.Lanes, o.forward) }
func (o mix) Backward(c *op.Call) { o.add(c, c.DX[0], c.DY, -op.Lanes, o.backward) }

func (o mix) add(c *op.Call, y, x op.Block, by int, each func(func(i int))) {
	n := o.Scratch()
	o.each(func(i int) { c.Scratch[i] = x.Data[i] })
	c.Wait()
	each(func(i int) { y.Data[i] = c.Scratch[i] + c.Scratch[(i+by+n)%n] })
}

// whole does not share its work, but waits.
type whole struct{ sum }

func (o whole) Forward(c *op.Call) {
	c.Wait()
	o.sum.Forward(c)
}

func (o whole) Backward(c *op.Call) {
	c.Wait()
	o.sum.Backward(c)
}

// notSplit hides that an op can be split.
type notSplit struct{ op.Op }

// center takes the mean over the batch off each element, or in inference a running mean.
// Its weight is that.
type center struct{ base }

func (o center) Split(i, n int) op.Op       { o.base = o.split(i, n); return o }
func (o center) InPlace() bool              { return true }
func (o center) BackwardReads() (x, y bool) { return false, false }
func (o center) NumStatistics() int         { return o.shape.Size() + 1 }

func (o center) sums(c *op.Call, of op.Block, stats []float64) {
	lo, hi := o.share.Of(o.shape.Size())
	c.Wait()
	for k := lo; k < hi; k++ {
		stats[k] = 0
		for l := range c.Training.Samples {
			stats[k] += float64(of.Data[k*op.Lanes+l])
		}
	}
	if o.share.I == 0 {
		stats[o.shape.Size()] = float64(c.Training.Samples)
	}
}

func (o center) ForwardStatistics(c *op.Call, stats []float64)  { o.sums(c, c.X[0], stats) }
func (o center) BackwardStatistics(c *op.Call, stats []float64) { o.sums(c, c.DY, stats) }

func (o center) MergeForward(blocks [][]float64, total []float64) {
	clear(total)
	for _, b := range blocks {
		for k, v := range b {
			total[k] += v
		}
	}
}

func (o center) UpdateRunning(w op.Weights, total []float64) {
	for k := range w[0] {
		w[0][k] = float32(total[k] / total[o.shape.Size()])
	}
}

func (o center) take(c *op.Call, y, x op.Block, total []float64) func(i int) {
	n := o.shape.Size()
	return func(i int) {
		k, lane := i/op.Lanes, i%op.Lanes
		y.Data[i] = float32(float64(x.Data[i]) - total[k]/total[n])
		if lane >= c.Training.Samples {
			y.Data[i] = 0
		}
	}
}

func (o center) Forward(c *op.Call) {
	if c.Training != nil {
		o.forward(o.take(c, c.Y, c.X[0], c.Training.Forward))
		return
	}
	o.forward(func(i int) { c.Y.Data[i] = c.X[0].Data[i] - c.W[0][i/op.Lanes] })
}

func (o center) Backward(c *op.Call) {
	if c.Training != nil {
		o.backward(o.take(c, c.DX[0], c.DY, c.Training.Backward))
		return
	}
	o.backward(func(i int) { c.DX[0].Data[i] = c.DY.Data[i] })
}
