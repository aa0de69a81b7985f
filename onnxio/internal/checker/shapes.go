package checker

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/constfold"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/operators"
	"github.com/gonn-toolkit/gonn/onnxio/internal/opset"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// primes are the sizes that a symbol of a shape stands for, a small and a large one: what
// comes out equal for both does not depend on it. Eight of them make no value that is too large.
var primes = [][2]int{
	{3, 89}, {5, 83}, {7, 79}, {11, 73}, {13, 71}, {17, 67}, {19, 61}, {23, 59}, {29, 53}, {31, 47},
}

// probes is a shape under both sizes of its symbols; nil if it is none that a value can have.
func (w *walker) probes(v *graph.Value) (shape [2][]int) {
	for p := range shape {
		shape[p] = make([]int, len(v.Shape))
		for i, d := range v.Shape {
			if d.Known() {
				shape[p][i] = ir.ToInt(d.Size)
			} else {
				shape[p][i] = w.sizes(symbolOf(v, i))[p]
			}
		}
		shape[p] = ir.Sane(shape[p])
	}
	return shape
}

// symbol is what stands for a size that is not known: a name, or an axis of a value, which is
// like no other.
type symbol struct {
	param string
	value string
	axis  int
}

func symbolOf(v *graph.Value, axis int) symbol {
	if param := v.Shape[axis].Param; param != "" {
		return symbol{param: param}
	}
	return symbol{value: v.Name, axis: axis}
}

// sizes are the two that a symbol stands for.
func (w *walker) sizes(s symbol) [2]int {
	if _, known := w.symbols[s]; !known {
		w.symbols[s] = len(w.symbols)
	}
	return primes[w.symbols[s]%len(primes)]
}

// shapes enters the shapes of a node's results, after a look at those of its operands. A node
// that is not as its schema says has none.
func (w *walker) shapes(n *graph.Node, s *operators.Schema, in string) {
	for _, name := range n.Outputs {
		w.forget(name)
	}
	if s == nil && operators.Has(n.Domain) || slices.ContainsFunc(n.Attrs, (*graph.Attr).IsRef) {
		return
	}
	oneWay := w.oneWay(n)
	if oneWay {
		if err := w.alongAxis(n); err != nil {
			w.nodeProblem(in, n, "%v", err)
			return
		}
	}
	for _, l := range w.up.Upgrade(n) {
		if opset.WhyNotUpgraded(l) != "" {
			w.inPart(n)
			return
		}
		if err := w.conflict(l); err != nil {
			w.nodeProblem(in, n, "%v", err)
			return
		}
		if w.unsure(l) {
			w.inPart(l)
			return
		}
		if err := w.infer(l); err != nil {
			w.nodeProblem(in, n, "%v", err)
		}
		w.unround(l)
		w.inPart(l)
	}
	if oneWay {
		x, y := w.g.Dims(n.Inputs[0]), w.g.Dims(n.Outputs[0])
		if x != nil && y != nil && !slices.EqualFunc(x, y, fits) {
			w.nodeProblem(in, n, "input 1 %q does not broadcast to input 0 %q of shape %s", n.Inputs[1], n.Inputs[0], shapeText(x))
		}
	}
}

// oneWay reports whether the second operand of a node is brought to the shape of the first,
// but not the other way round.
func (w *walker) oneWay(n *graph.Node) bool {
	if !n.Standard() || len(n.Inputs) != 2 || schema.FirstOutput(n) == "" {
		return false
	}
	return n.OpType == "PRelu" || w.g.Opset < 7 && schema.Broadcasting[n.OpType] && operators.Lookup("", n.OpType, 1).Attr("broadcast") != nil
}

// alongAxis wants a second operand that has no more axes than the first behind the attribute
// axis, which old operators have, and one of equal shape where their attribute broadcast is
// not 1.
func (w *walker) alongAxis(n *graph.Node) error {
	o := &operands{w.g, n}
	a, b := o.dims(0), o.dims(1)
	axis, err1 := n.Int("axis", 0)
	broadcast, err2 := n.Int("broadcast", 0)
	switch {
	case a == nil || b == nil || err1 != nil || err2 != nil:
		return nil
	case n.OpType != "PRelu" && broadcast == 0 && !(slices.EqualFunc(a, b, fits) && w.equalOnes(n, a, b)):
		return fmt.Errorf("%s and %s differ, and attribute \"broadcast\" is not 1", o.of(0), o.of(1))
	case len(b) > len(a) || axis > int64(len(a)-len(b)):
		return fmt.Errorf("%s does not broadcast to %s from axis %d on", o.of(1), o.of(0), axis)
	}
	return nil
}

// equalOnes reports whether no axis of one element of a constant meets one of which the file
// leaves the size open, such as that of the samples.
func (w *walker) equalOnes(n *graph.Node, a, b []int) bool {
	constant := w.g.Consts[n.Inputs[0]] != nil || w.g.Consts[n.Inputs[1]] != nil
	return !constant || slices.EqualFunc(a, b, func(d, e int) bool { return (d == 1) == (e == 1) })
}

// infer enters what follows for the results of a node in today's form.
func (w *walker) infer(n *graph.Node) error {
	if schema.FirstOutput(n) == "" {
		return nil
	}
	if n.OpType == "Constant" {
		if constfold.Fold(w.g, n) {
			w.g.Facts[n.Outputs[0]] = ir.ConstFact(w.g.Consts[n.Outputs[0]])
		}
		return nil
	}
	if rule := ownShapes[n.OpType]; rule != nil && n.Standard() {
		f := ir.Fact{}
		for p := range f.Shape {
			f.Shape[p] = ir.Sane(rule(&operands{w.g, n}, p))
		}
		w.g.Facts[n.Outputs[0]] = f
		return nil
	}
	if s, other := standIns[n.OpType]; other {
		return w.byStandIn(n, s)
	}
	shapeinfer.Infer(w.g, n)
	switch {
	case n.OpType == "LayerNormalization" && schema.Readable(n):
		w.statistics(n)
	case n.OpType == "BatchNormalization" && len(n.Outputs) == 3 && len(n.Inputs) == 5: // the new mean and variance
		for i := 1; i <= 2; i++ {
			w.g.Facts[n.Outputs[i]] = ir.Fact{Shape: w.g.Facts[n.Inputs[i+2]].Shape}
		}
	}
	return nil
}

// statistics enters the shapes of the mean and the deviation that a LayerNormalization gives
// besides its result: of one element on each axis that it takes together.
func (w *walker) statistics(n *graph.Node) {
	axis, err := n.Int("axis", -1)
	f := ir.Fact{}
	for p, x := range w.g.Facts[n.Inputs[0]].Shape {
		front, ok := shapeinfer.FromFront([]int64{axis}, len(x))
		if x == nil || err != nil || !ok {
			return
		}
		f.Shape[p] = append(slices.Clone(x[:front[0]]), slices.Repeat([]int{1}, len(x)-front[0])...)
	}
	for _, name := range n.Outputs[1:] {
		w.g.Facts[name] = f
	}
}

// unsure reports whether a node's shapes depend on more than the shapes of its operands, or
// tools and versions of ONNX differ in them.
func (w *walker) unsure(n *graph.Node) bool {
	if ceil, err := n.Int("ceil_mode", 0); err != nil || ceil != 0 {
		return true
	}
	// Which axes a Squeeze without a list takes depends on the sizes of all.
	return n.OpType == "Squeeze" && (len(n.Inputs) == 1 || n.Inputs[1] == "") && slices.Contains(w.g.Dims(n.Inputs[0]), ir.BatchDim)
}

// conflict is an error if the shapes or settings of a node that can be read contradict each
// other.
func (w *walker) conflict(n *graph.Node) error {
	rule := conflicts[n.OpType]
	if rule == nil || !n.Standard() || schema.Known(n.OpType) && !schema.Readable(n) {
		return nil
	}
	return rule(&operands{w.g, n})
}
