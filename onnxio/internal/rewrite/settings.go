package rewrite

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Networks know some activations with fewer settings than ONNX has for them. With others they
// are the known ones between a shift or a factor in front and one behind.

// selu: γ·(x or α·(eˣ − 1)) is γ times an Elu, unless α and γ are the usual ones.
func selu(w *work, n *graph.Node) bool {
	const usualAlpha, usualGamma = 1.67326319217681884765625, 1.05070102214813232421875
	alpha, err1 := n.Float("alpha", usualAlpha)
	gamma, err2 := n.Float("gamma", usualGamma)
	if err1 != nil || err2 != nil || alpha == usualAlpha && gamma == usualGamma || !finite(alpha, gamma) {
		return false
	}
	elu := &graph.Node{OpType: "Elu", Attrs: []*graph.Attr{graph.FloatAttr("alpha", alpha)}}
	return w.inSteps(n, elu, w.step(n, "Mul", gamma))
}

// hardSigmoid: what cuts α·x + β off at 0 and 1 has a β of 1/2 for x + (β − ½)/α.
func hardSigmoid(w *work, n *graph.Node) bool {
	alpha, err1 := n.Float("alpha", 0.2)
	beta, err2 := n.Float("beta", 0.5)
	if err1 != nil || err2 != nil || beta == 0.5 || !finite(alpha, (beta-0.5)/alpha) {
		return false
	}
	half := &graph.Node{OpType: "HardSigmoid", Attrs: []*graph.Attr{graph.FloatAttr("alpha", alpha), graph.FloatAttr("beta", 0.5)}}
	return w.inSteps(n, w.step(n, "Add", (beta-0.5)/alpha), half)
}

// clip: what cuts x off below a and above b cuts x − a off below 0 and above b − a. Where
// there is no a, it is b less what cuts b − x off below 0.
func clip(w *work, n *graph.Node) bool {
	a, noA, ok1 := w.limit(n, 1)
	b, noB, ok2 := w.limit(n, 2)
	if !ok1 || !ok2 || noA && noB || !noA && (a == 0 || !noB && a >= b) {
		return false
	}
	switch {
	case !noA && !noB && !finite(b-a):
		return false
	case noA:
		return w.inSteps(n, w.lessFrom(n, b), &graph.Node{OpType: "Relu"}, w.lessFrom(n, b))
	case noB:
		return w.inSteps(n, w.step(n, "Sub", a), &graph.Node{OpType: "Relu"}, w.step(n, "Add", a))
	}
	from0 := &graph.Node{OpType: "Clip", Inputs: []string{"", w.number(n, "min", 0), w.number(n, "max", b-a)}}
	return w.inSteps(n, w.step(n, "Sub", a), from0, w.step(n, "Add", a))
}

func finite(v ...float32) bool {
	return !slices.ContainsFunc(v, func(x float32) bool { return math.IsInf(float64(x), 0) || x != x })
}

// limit is operand k of a Clip, or that it has none: exporters write the largest numbers for
// that. ok is false if it is not a number that is known.
func (w *work) limit(n *graph.Node, k int) (v float32, none, ok bool) {
	if k >= len(n.Inputs) || n.Inputs[k] == "" {
		return 0, true, true
	}
	x, ok := w.scalar(n.Inputs[k])
	if t := w.consts[n.Inputs[k]]; !ok || t.Type != graph.Float {
		return 0, false, false
	}
	return float32(x), math.Abs(x) >= 3e38, x == x
}

// step is arithmetic with a number, x in front.
func (w *work) step(n *graph.Node, op string, v float32) *graph.Node {
	return &graph.Node{OpType: op, Inputs: []string{"", w.number(n, "number", v)}}
}

// lessFrom is a number less x.
func (w *work) lessFrom(n *graph.Node, v float32) *graph.Node {
	return &graph.Node{OpType: "Sub", Inputs: []string{w.number(n, "number", v), ""}}
}

// inSteps replaces a node by several, one behind the other: the first reads what n reads, the
// last gives its result. An operand that is left out is the step before. The numbers are
// FLOAT, and so must x be.
func (w *work) inSteps(n *graph.Node, steps ...*graph.Node) bool {
	if w.facts[n.Outputs[0]].typ != graph.Float {
		return false
	}
	value, last := n.Inputs[0], steps[len(steps)-1]
	for _, s := range steps {
		if s.Inputs == nil {
			s.Inputs = []string{""}
		}
		s.Inputs[slices.Index(s.Inputs, "")] = value
		if s != last {
			value = w.unique(n.Outputs[0] + ".step")
			s.Name, s.Outputs = n.Name, []string{value}
			w.facts[value] = w.facts[n.Outputs[0]]
			w.like(s, n)
		}
	}
	w.replace(last, n)
	for _, s := range steps[:len(steps)-1] {
		w.ahead[last] = append(w.ahead[last], s)
		w.link(s, w.place[last])
	}
	return true
}
