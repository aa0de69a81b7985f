package rewrite

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// fact is what is known of a value before the model runs. The batch is a symbol in most
// files, so everything is worked out twice, for two sizes of it: what comes out equal
// does not depend on the batch, and no arithmetic on symbols is needed.
type fact struct {
	typ   graph.DataType
	shape [2][]int             // nil if not known
	data  [2]*reference.Tensor // small values such as shapes; nil if not known
}

// batches are the two sizes: primes, a small one and one that no axis of a network has by
// chance. What has a limit, such as the first 64 samples, differs between them.
var batches = [2]int{3, 7919}

// Axis sizes as dims tells them.
const (
	batchDim   = -1 // it depends on the batch
	unknownDim = -2
)

// mostData is the largest number of elements of a value that is followed as data when it
// depends on the batch. Shapes and axes have a few.
const mostData = 64

// mostVolume is the largest number of elements of a value whose shape is followed, far
// above what the reference computes, so that products of sizes are no concern.
const mostVolume = min(1<<50, math.MaxInt/2)

// openFacts states what the file says of the inputs and constants.
func (w *work) openFacts() {
	for _, v := range w.inputs {
		f := fact{typ: v.Type}
		for p := range f.shape {
			f.shape[p] = probe(v, p)
		}
		w.facts[v.Name] = f
	}
	for name, t := range w.consts {
		w.facts[name] = constFact(t)
	}
}

// probe is the shape of an input under one size of the batch, which is its first axis.
func probe(v *graph.Value, p int) []int {
	if !v.HasShape {
		return nil
	}
	shape := make([]int, len(v.Shape))
	for i, d := range v.Shape {
		switch {
		case d.Known():
			shape[i] = toInt(d.Size)
		case i == 0:
			shape[i] = batches[p]
		default:
			return nil
		}
	}
	return sane(shape)
}

// sane is a shape, nil if it is none that a value can have.
func sane(shape []int) []int {
	n := 1
	for _, d := range shape {
		if d < 0 || d > mostVolume/n {
			return nil
		}
		n *= max(d, 1)
	}
	return shape
}

// constFact is the fact of a constant. Its data is left in the tensor until it is asked
// for, since weights are large.
func constFact(t *graph.Tensor) fact {
	shape := toInts(t.Dims)
	return fact{typ: t.Type, shape: [2][]int{shape, shape}}
}

// dataOf is a value under one size of the batch if it is known and small, else nil.
func (w *work) dataOf(name string, p int) *reference.Tensor {
	if t := w.consts[name]; t != nil {
		if n, err := t.Len(); err != nil || n > mostData {
			return nil
		}
		v, err := reference.FromGraph(t)
		if err != nil {
			return nil
		}
		return v
	}
	return w.facts[name].data[p]
}

// dims is the shape of a value with batchDim for what depends on the batch; nil if it
// is not known.
func (w *work) dims(name string) []int {
	f := w.facts[name]
	if f.shape[0] == nil || f.shape[1] == nil || len(f.shape[0]) != len(f.shape[1]) {
		return nil
	}
	dims := slices.Clone(f.shape[0])
	for i, d := range dims {
		if d != f.shape[1][i] {
			dims[i] = batchDim
		}
	}
	return dims
}

// rank is the number of axes of a value, −1 if it is not known.
func (w *work) rank(name string) int {
	if name == "" || w.facts[name].shape[0] == nil {
		return -1
	}
	return len(w.facts[name].shape[0])
}

// typeOf is the element type of result i of a node that can be read.
func (w *work) typeOf(n *graph.Node, i int) graph.DataType {
	switch from := w.operandOfType(n, i); {
	case from < 0:
		return typeSaid(n, i)
	case from < len(n.Inputs):
		return w.facts[n.Inputs[from]].typ
	}
	return graph.Undefined
}

// operandOfType is the operand whose type result i of a node has, −1 if there is none.
func (w *work) operandOfType(n *graph.Node, i int) int {
	switch {
	case i > 0 && n.OpType == "Split":
		return 0
	case i > 0:
		return -1
	}
	switch n.OpType {
	case "Cast", "Shape", "Size", "ConstantOfShape", "Constant", "ArgMax", "ArgMin", "NonZero",
		"Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor", "Not", "IsNaN", "IsInf":
		return -1
	case "Where", "CastLike":
		return 1
	}
	return 0
}

// typeSaid is the type of a result that its operands do not tell.
func typeSaid(n *graph.Node, i int) graph.DataType {
	switch {
	case i == 1 && n.OpType == "Dropout":
		return graph.Bool
	case i == 1 && (n.OpType == "MaxPool" || n.OpType == "TopK"):
		return graph.Int64
	case i > 0 || n.OpType == "Constant":
		return graph.Undefined
	}
	switch n.OpType {
	case "Cast":
		to, _ := n.Int("to", 0)
		return graph.DataType(to)
	case "Shape", "Size", "ArgMax", "ArgMin", "NonZero":
		return graph.Int64
	case "ConstantOfShape":
		if a := n.Attr("value"); a != nil {
			return a.Value.(*graph.Tensor).Type // its kind has been looked at
		}
		return graph.Float
	}
	return graph.Bool
}

// infer enters the facts of a node's results.
func (w *work) infer(n *graph.Node) {
	out := make([]fact, len(n.Outputs))
	if readable(n) {
		for i := range out {
			out[i].typ = w.typeOf(n, i)
		}
		for p := range batches {
			w.inferUnder(n, p, out)
		}
	}
	for i, name := range n.Outputs {
		if name != "" {
			w.facts[name] = out[i]
		}
	}
}

// inferUnder works a node out under one size of the batch: its values if those of its
// operands are known, else the shapes of its results.
func (w *work) inferUnder(n *graph.Node, p int, out []fact) {
	if n.OpType == "Shape" {
		if s := w.facts[n.Inputs[0]].shape[p]; s != nil {
			if d := shapeData(n, s); d != nil {
				out[0].data[p], out[0].shape[p] = d, []int{len(d.Ints)}
			}
		}
		return
	}
	if results := w.evaluate(n, p); results != nil {
		for i := range out {
			out[i].data[p], out[i].shape[p], out[i].typ = results[i], append([]int{}, results[i].Shape...), results[i].Type
		}
		return
	}
	for i, s := range w.shapesOf(n, p) {
		if i < len(out) {
			out[i].shape[p] = s
		}
	}
}

// shapeData is what Shape gives for a value of shape s.
func shapeData(n *graph.Node, s []int) *reference.Tensor {
	x := &reference.Tensor{Type: graph.Int64, Shape: []int{len(s)}}
	for _, d := range s {
		x.Ints = append(x.Ints, int64(d))
	}
	start, err1 := n.Int("start", 0)
	end, err2 := n.Int("end", int64(len(s)))
	if err1 != nil || err2 != nil {
		return nil
	}
	from, to := clampAxis(start, len(s)), clampAxis(end, len(s))
	x.Ints = x.Ints[from:max(from, to)]
	x.Shape[0] = len(x.Ints)
	return x
}

func clampAxis(a int64, rank int) int {
	if a < 0 {
		a += int64(rank)
	}
	return int(min(max(a, 0), int64(rank)))
}

// evaluate computes a node whose operands are all known and small, as its results must be;
// nil if they are not.
func (w *work) evaluate(n *graph.Node, p int) []*reference.Tensor {
	if !deterministic(n) || len(n.Inputs) == 0 {
		return nil
	}
	in := make([]*reference.Tensor, len(n.Inputs))
	for k, name := range n.Inputs {
		if name == "" {
			continue
		}
		if in[k] = w.dataOf(name, p); in[k] == nil {
			return nil
		}
	}
	shapes := w.shapesOf(n, p)
	if !slices.Contains(bounded, n.OpType) &&
		(len(shapes) < len(n.Outputs) || slices.ContainsFunc(shapes, func(s []int) bool { return s == nil || volume(s) > mostData })) {
		return nil
	}
	out, err := reference.Eval(n, w.target, in)
	if err != nil || len(out) < len(n.Outputs) || slices.ContainsFunc(out, func(t *reference.Tensor) bool { return t.Len() > mostData }) {
		return nil
	}
	return out
}

// deterministic reports whether a node that can be read can be computed once for all runs.
func deterministic(n *graph.Node) bool {
	switch n.OpType {
	case "Dropout", "BatchNormalization": // they may be those of training
		return false
	}
	return reference.Knows(n.OpType)
}

// volume is the number of elements of a shape.
func volume(s []int) int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}
