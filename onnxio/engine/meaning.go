package engine

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// meaning finds what the output of a model means, for models that are no nn.Network. As
// nn does it walks back from the output, as long as a node keeps what its input means, to
// what decides that. Some operators are known for it; of the others the values of a few
// samples say so.
type meaning struct {
	makers map[string]*graph.Node
	consts map[string]bool
	values map[string]*graph.Tensor // of the constants
	seen   map[string]*nn.Tensor    // values of a few samples, as far as they are known
	known  map[string]nn.Output     // what each has found
}

func meaningOf(m *graph.Model) *meaning {
	w := &meaning{map[string]*graph.Node{}, map[string]bool{"": true}, map[string]*graph.Tensor{}, nil, map[string]nn.Output{}}
	for _, t := range m.Graph.Initializers {
		w.consts[t.Name], w.values[t.Name] = true, t
	}
	for _, n := range m.Graph.Nodes {
		for _, out := range n.Outputs {
			if out != "" {
				w.makers[out] = n
			}
		}
		if n.OpType == "Constant" && len(n.Outputs) > 0 {
			w.consts[n.Outputs[0]] = true
			if a := n.Attr("value"); a != nil {
				if t, ok := a.Value.(*graph.Tensor); ok {
					w.values[n.Outputs[0]] = t
				}
			}
		}
	}
	return w
}

// moving are operators that move the values of their first input, take some of them or give
// them another type.
var moving = []string{
	"Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Dropout", "Cast", "CastLike",
	"Slice", "Gather", "Split", "Expand", "DepthToSpace",
}

// keeping are operators besides that leave a probability a probability: they clip, choose or
// take means.
var keeping = []string{
	"Clip", "Relu", "LeakyRelu", "PRelu", "Min", "Max",
	"ReduceMax", "ReduceMin", "ReduceMean", "GlobalAveragePool", "GlobalMaxPool", "AveragePool", "MaxPool",
}

// depth bounds how far back an ending is looked for.
const depth = 64

// maker is the node that gives a value, nil if it is an operator of others, or reads
// nothing.
func (w *meaning) maker(name string) *graph.Node {
	if n := w.makers[name]; n != nil && n.Standard() && len(n.Inputs) > 0 {
		return n
	}
	return nil
}

// isMadeBy reports whether a value comes from an operator.
func (w *meaning) isMadeBy(name, op string) bool {
	n := w.maker(name)
	return n != nil && n.OpType == op
}

// plain reports whether a value is surely of plain numbers: it comes from a matrix product or
// convolution, with a constant added.
func (w *meaning) plain(name string) bool {
	for range depth {
		n := w.maker(name)
		switch {
		case n == nil:
			return false
		case slices.Contains([]string{"Gemm", "MatMul", "Conv"}, n.OpType):
			return true
		case slices.Contains([]string{"Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Dropout", "Cast"}, n.OpType):
			name = n.Inputs[0]
		case n.OpType == "Add" && len(n.Inputs) == 2 && w.consts[n.Inputs[1]]:
			name = n.Inputs[0]
		case n.OpType == "Add" && len(n.Inputs) == 2 && w.consts[n.Inputs[0]]:
			name = n.Inputs[1]
		default:
			return false
		}
	}
	return false
}

// before is the input whose meaning as o a value keeps, "" if there is none.
func (w *meaning) before(name string, o nn.Output) string {
	n := w.maker(name)
	if n == nil {
		return ""
	}
	y, known := w.seen[name], slices.Contains(moving, n.OpType) || o.Probabilities() && slices.Contains(keeping, n.OpType)
	for _, in := range n.Inputs {
		if w.consts[in] {
			continue
		}
		if x := w.seen[in]; known || x != nil && y != nil && o.Keeps(x.Data, y.Data) {
			return in
		}
	}
	return ""
}

// each is the meaning of a value that is made of probabilities each by itself: of sigmoids,
// of a softmax that is no distribution over the classes, or parts of them. Else it is logits.
func (w *meaning) each(name string, deep int) nn.Output {
	o, asked := w.known[name]
	if !asked {
		o = w.eachOf(name, deep)
		w.known[name] = o
	}
	return o
}

func (w *meaning) eachOf(name string, deep int) nn.Output {
	n := w.maker(name)
	if n == nil || deep == 0 {
		return nn.OutputLogits
	}
	switch first := n.Inputs[0]; {
	case n.OpType == "Sigmoid", n.OpType == "HardSigmoid", n.OpType == "Softmax":
		return nn.OutputSigmoids
	case n.OpType == "Log" && w.each(first, deep-1) == nn.OutputSigmoids:
		return nn.OutputLogSigmoids
	case n.OpType == "Exp" && w.each(first, deep-1) == nn.OutputLogSigmoids:
		return nn.OutputSigmoids
	case n.OpType == "Concat":
		return w.ofAll(n.Inputs, deep-1)
	}
	if o := w.computed(name); o != nn.OutputLogits {
		return o
	}
	for _, o := range []nn.Output{nn.OutputSigmoids, nn.OutputLogSigmoids} {
		if in := w.before(name, o); in != "" && w.each(in, deep-1) == o {
			return o
		}
	}
	if slices.Contains(mixing, n.OpType) {
		if low, high, ok := w.bounds(name, deep); ok && low >= -tolerance && high <= 1+tolerance {
			return nn.OutputSigmoids
		}
	}
	return nn.OutputLogits
}

// ofAll is what all of several values mean, logits if they differ.
func (w *meaning) ofAll(names []string, deep int) nn.Output {
	o := w.each(names[0], deep)
	for _, in := range names[1:] {
		if w.each(in, deep) != o {
			return nn.OutputLogits
		}
	}
	return o
}

// near bounds how many nodes a sigmoid may be written in.
const near = 12

// computed is the meaning of a value whose numbers are seen to be the sigmoids of one before
// it, or their logarithms, or distributions along an axis, in whatever way they are computed.
func (w *meaning) computed(name string) nn.Output {
	y := w.seen[name]
	switch {
	case y == nil:
		return nn.OutputLogits
	case distributedAlong(y):
		return nn.OutputSigmoids
	}
	for _, from := range w.ancestors(name, near)[1:] {
		if x := w.seen[from]; x != nil {
			if o := sigmoidOf(x.Data, y.Data); o != nn.OutputLogits {
				return o
			}
		}
	}
	return nn.OutputLogits
}

// mostAncestors bounds the values before another that are looked at.
const mostAncestors = 128

// ancestors are the values from which one comes, itself the first, over so many nodes.
func (w *meaning) ancestors(name string, deep int) []string {
	names, found, last := []string{name}, map[string]bool{name: true}, 0
	for range deep {
		end := len(names)
		for _, at := range names[last:end] {
			n := w.maker(at)
			if n == nil {
				continue
			}
			for _, in := range n.Inputs {
				if !w.consts[in] && !found[in] && len(names) < mostAncestors {
					names, found[in] = append(names, in), true
				}
			}
		}
		last = end
	}
	return names
}

// of is the meaning of an output. Where its values have not been seen a softmax is taken to
// be over the classes.
func (w *meaning) of(name string) nn.Output {
	y := w.seen[name]
	from := name
	for range depth {
		switch x := w.seen[from]; {
		case y == nil && w.isMadeBy(from, "Softmax"):
			return nn.OutputProbabilities
		case y == nil && w.isMadeBy(from, "LogSoftmax"):
			return nn.OutputLogProbabilities
		case y == nil, x == nil, len(x.Data) != len(y.Data), len(x.Shape) == 0, x.Shape[0] != y.Shape[0]:
		default:
			o := distributed(x)
			if o == nn.OutputProbabilities || o != nn.OutputLogits && (from == name || o.Keeps(x.Data, y.Data)) {
				return o
			}
		}
		if from = w.before(from, nn.OutputProbabilities); from == "" {
			break
		}
	}
	return w.each(name, depth)
}
