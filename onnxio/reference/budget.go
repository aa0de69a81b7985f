package reference

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Budget bounds a run that is only tried. A node that is estimated to go beyond it is not
// begun, and a run ends behind one that has.
type Budget struct {
	// Work is the most multiply–accumulates of all nodes, as they are estimated from what
	// they are given; a node counts at least the elements that it reads and gives.
	Work float64
	// Time is how long no further node is begun.
	Time time.Duration
	// Elements is the most elements that all values which are still needed have together;
	// 0 is no limit. The constants of the file do not count.
	Elements float64
}

// ErrBudget is the error of a run that would have gone beyond its budget.
var ErrBudget = errors.New("it takes more time or memory than a trial may")

// budget is what is left of a Budget.
type budget struct {
	work float64
	end  time.Time
	most float64 // of elements
	held float64 // elements of the values that are still needed
}

// ObserveWithin is Observe that ends with ErrBudget when it would go beyond a budget.
func (e *Evaluator) ObserveWithin(inputs map[string]*Tensor, b Budget, see func(name string, t *Tensor)) (map[string]*Tensor, error) {
	return e.run(inputs, e.whole, see, b.start())
}

// start is a budget that nothing is taken of yet.
func (b Budget) start() *budget {
	most := b.Elements
	if most == 0 {
		most = math.Inf(1)
	}
	return &budget{work: b.Work, end: time.Now().Add(b.Time), most: most}
}

// spend takes a node's work off. Without a budget there is no end.
func (b *budget) spend(c *call) error {
	if b == nil {
		return nil
	}
	gives := c.gives()
	b.work -= c.work(gives)
	if b.work < 0 || b.held+gives > b.most || time.Now().After(b.end) {
		return fmt.Errorf("%s: %w", c.node.Label(), ErrBudget)
	}
	return nil
}

// hold counts a value that is needed from now on.
func (b *budget) hold(t *Tensor) {
	if b != nil {
		b.held += heldBy(t)
	}
}

// check ends a run behind a node that gave more than was estimated.
func (b *budget) check(c *call) error {
	if b == nil {
		return nil
	}
	if b.held > b.most {
		return fmt.Errorf("%s: %w", c.node.Label(), ErrBudget)
	}
	return nil
}

// free takes a value off that is no longer needed.
func (b *budget) free(t *Tensor) {
	if b != nil {
		b.held -= heldBy(t)
	}
}

// heldBy is the number of elements of a value, 0 if it is none.
func heldBy(t *Tensor) float64 {
	if t == nil {
		return 0
	}
	return float64(t.Len())
}

// perElement is how many multiply–accumulates an element costs that is read or given.
const perElement = 10

// work estimates the multiply–accumulates of a node that gives so many elements.
func (c *call) work(gives float64) float64 {
	if macs, ok := c.products(); ok {
		return max(macs, gives)
	}
	return perElement * max(c.reads(), gives)
}

// given is input k, an empty tensor if it is left out.
func (c *call) given(k int) *Tensor {
	if t := c.optional(k); t != nil {
		return t
	}
	return &Tensor{}
}

// products estimates the work of operators that multiply each element many times.
func (c *call) products() (macs float64, ok bool) {
	x, w := c.given(0), c.given(1)
	switch c.node.OpType {
	case "ConvTranspose":
		return elements(w.Shape) * elements(x.Shape) / max(1, sizeAt(x.Shape, 1)), true
	case "Conv", "ConvInteger", "DeformConv":
		return elements(w.Shape) * elements(x.Shape) / max(1, sizeAt(x.Shape, 1)) / c.product("strides"), true
	case "MatMul", "MatMulInteger":
		return c.multiplied() * sizeAt(x.Shape, len(x.Shape)-1), true
	case "Gemm":
		return elements(x.Shape) * max(sizeAt(w.Shape, 0), sizeAt(w.Shape, 1)), true
	case "Attention":
		return c.scores() * (sizeAt(x.Shape, len(x.Shape)-1) + perElement), true
	case "LSTM", "GRU", "RNN":
		return sizeAt(x.Shape, 0) * sizeAt(x.Shape, 1) * (elements(w.Shape) + elements(c.given(2).Shape)), true
	case "MaxPool", "AveragePool", "LpPool":
		return elements(x.Shape) * (c.product("kernel_shape") + perElement) / c.product("strides"), true
	}
	return 0, false
}

// product is that of an attribute of sizes or strides.
func (c *call) product(name string) float64 {
	v, err := c.node.Ints(name, nil)
	if err != nil {
		return 1
	}
	p := 1.0
	for _, x := range v {
		p *= max(1, float64(x))
	}
	return p
}

// numbers is the product of what a tensor holds: of sizes, repeats or scales.
func numbers(t *Tensor) float64 {
	p := 1.0
	for _, v := range t.Ints {
		p *= max(1, math.Abs(float64(v)))
	}
	for _, v := range t.Floats {
		p *= max(1, math.Abs(v))
	}
	return p
}

func elements(shape []int) float64 {
	n := 1.0
	for _, d := range shape {
		n *= float64(d)
	}
	return n
}

// sizeAt is the size of an axis, 1 if there is none.
func sizeAt(shape []int, axis int) float64 {
	if axis < 0 || axis >= len(shape) {
		return 1
	}
	return float64(shape[axis])
}

// front is a shape without its last n axes.
func front(shape []int, n int) []int { return shape[:max(0, len(shape)-n)] }

// broadcastOf is the shape of two that broadcast, the larger size at each axis.
func broadcastOf(a, b []int) []int {
	if len(a) < len(b) {
		a, b = b, a
	}
	r := append([]int(nil), a...)
	for i, d := range b {
		k := len(a) - len(b) + i
		r[k] = max(r[k], d)
	}
	return r
}
