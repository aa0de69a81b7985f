package reference

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Budget bounds a run that is only tried. It is looked at before each node: a node that may
// go beyond it is not begun.
type Budget struct {
	// Work is the most multiply–accumulates of all nodes, as they are estimated from what
	// they are given; a node counts at least the elements that it reads and gives.
	Work float64
	// Time is how long no further node is begun.
	Time time.Duration
}

// ErrBudget is the error of a run that would have gone beyond its budget.
var ErrBudget = errors.New("it takes longer than a trial may")

// budget is what is left of a Budget.
type budget struct {
	work float64
	end  time.Time
}

// ObserveWithin is Observe that ends with ErrBudget when it would go beyond a budget.
func (e *Evaluator) ObserveWithin(inputs map[string]*Tensor, b Budget, see func(name string, t *Tensor)) (map[string]*Tensor, error) {
	return e.observe(inputs, see, &budget{b.Work, time.Now().Add(b.Time)})
}

// spend takes a node's work off. Without a budget there is no end.
func (b *budget) spend(c *call) error {
	if b == nil {
		return nil
	}
	b.work -= c.work()
	if b.work < 0 || time.Now().After(b.end) {
		return fmt.Errorf("%s: %w", c.node.Label(), ErrBudget)
	}
	return nil
}

// perElement is how many multiply–accumulates an element costs that is read or given.
const perElement = 10

// work estimates the multiply–accumulates of a node before it is computed.
func (c *call) work() float64 {
	if macs, ok := c.products(); ok {
		return macs
	}
	read := 0.0
	for _, t := range c.in {
		if t != nil {
			read += float64(t.Len())
		}
	}
	return perElement * max(read, c.gives())
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
	case "Conv", "ConvTranspose", "ConvInteger", "DeformConv":
		return elements(w.Shape) * elements(x.Shape) / max(1, sizeAt(x.Shape, 1)) / c.product("strides"), true
	case "MatMul", "MatMulInteger":
		return elements(broadcastOf(front(x.Shape, 2), front(w.Shape, 2))) * elements(back(x.Shape, 2)) * sizeAt(w.Shape, len(w.Shape)-1), true
	case "Gemm":
		return elements(x.Shape) * max(sizeAt(w.Shape, 0), sizeAt(w.Shape, 1)), true
	case "LSTM", "GRU", "RNN":
		return sizeAt(x.Shape, 0) * sizeAt(x.Shape, 1) * (elements(w.Shape) + elements(c.given(2).Shape)), true
	case "MaxPool", "AveragePool", "LpPool":
		return elements(x.Shape) * (c.product("kernel_shape") + perElement) / c.product("strides"), true
	}
	return 0, false
}

// gives estimates the elements that other operators give, as far as these may be more than
// they read.
func (c *call) gives() float64 {
	x, w := c.given(0), c.given(1)
	switch c.node.OpType {
	case "ConstantOfShape":
		return numbers(x)
	case "Expand":
		return max(elements(x.Shape), numbers(w))
	case "Tile":
		return elements(x.Shape) * numbers(w)
	case "Resize", "Upsample":
		return max(elements(x.Shape)*numbers(c.given(min(len(c.in)-1, 2))), numbers(c.given(3)))
	}
	if len(c.in) > 1 {
		return elements(broadcastOf(x.Shape, w.Shape))
	}
	return 0
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

// front is a shape without its last n axes, back those.
func front(shape []int, n int) []int { return shape[:max(0, len(shape)-n)] }
func back(shape []int, n int) []int  { return shape[max(0, len(shape)-n):] }

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
