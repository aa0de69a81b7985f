package engine

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// meaning finds what the output of a model means, for models that are no nn.Network.
type meaning struct {
	makers map[string]*graph.Node
	consts map[string]bool
	known  map[string]nn.Output // what each has found
}

func meaningOf(m *graph.Model) *meaning {
	w := &meaning{map[string]*graph.Node{}, map[string]bool{}, map[string]nn.Output{}}
	for _, t := range m.Graph.Initializers {
		w.consts[t.Name] = true
	}
	for _, n := range m.Graph.Nodes {
		for _, out := range n.Outputs {
			w.makers[out] = n
		}
		if n.OpType == "Constant" && len(n.Outputs) > 0 {
			w.consts[n.Outputs[0]] = true
		}
	}
	return w
}

// keeping are operators that leave a probability a probability: they move values, take some
// of them, give them another type, or clip them. What they keep is their first input.
var keeping = []string{
	"Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Dropout", "Cast", "CastLike",
	"Clip", "Relu", "LeakyRelu", "PRelu", "Min", "Max", "Slice", "Gather", "Split", "Expand", "DepthToSpace",
	"ReduceMax", "ReduceMin", "ReduceMean", "GlobalAveragePool", "GlobalMaxPool", "AveragePool", "MaxPool",
}

// depth bounds how far back an ending is looked for.
const depth = 64

// plain reports whether a value is surely of plain numbers: it comes from a matrix product or
// convolution, with a constant added.
func (w *meaning) plain(name string) bool {
	for range depth {
		n := w.makers[name]
		switch {
		case n == nil || !n.Standard():
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
	n := w.makers[name]
	if n == nil || !n.Standard() || len(n.Inputs) == 0 || deep == 0 {
		return nn.OutputLogits
	}
	switch {
	case n.OpType == "Sigmoid", n.OpType == "HardSigmoid", n.OpType == "Softmax":
		return nn.OutputSigmoids
	case n.OpType == "Log" && w.each(n.Inputs[0], deep-1) == nn.OutputSigmoids:
		return nn.OutputLogSigmoids
	case n.OpType == "Exp" && w.each(n.Inputs[0], deep-1) == nn.OutputLogSigmoids:
		return nn.OutputSigmoids
	case n.OpType == "Neg" && w.isMadeBy(n.Inputs[0], "Softplus"):
		return nn.OutputLogSigmoids
	case w.logistic(n):
		return nn.OutputSigmoids
	case n.OpType == "Concat":
		o := w.each(n.Inputs[0], deep-1)
		for _, in := range n.Inputs[1:] {
			if w.each(in, deep-1) != o {
				return nn.OutputLogits
			}
		}
		return o
	case slices.Contains(keeping, n.OpType):
		for _, in := range n.Inputs {
			if !w.consts[in] {
				o := w.each(in, deep-1)
				if o == nn.OutputLogSigmoids && !slices.Contains(keeping[:9], n.OpType) {
					return nn.OutputLogits // clips are about probabilities
				}
				return o
			}
		}
	}
	return nn.OutputLogits
}

func (w *meaning) isMadeBy(name, op string) bool {
	n := w.makers[name]
	return n != nil && n.Standard() && n.OpType == op && len(n.Inputs) > 0
}

// logistic reports whether a node is the end of 1/(1 + e⁻ˣ), written out.
func (w *meaning) logistic(n *graph.Node) bool {
	sum := n.Inputs[len(n.Inputs)-1]
	switch {
	case n.OpType == "Reciprocal":
	case n.OpType == "Div" && len(n.Inputs) == 2 && w.consts[n.Inputs[0]]:
	default:
		return false
	}
	if !w.isMadeBy(sum, "Add") {
		return false
	}
	for _, in := range w.makers[sum].Inputs {
		if w.isMadeBy(in, "Exp") && w.isMadeBy(w.makers[in].Inputs[0], "Neg") {
			return true
		}
	}
	return false
}

// chain are the values from which the one of that name comes by keeping operators, itself the
// first one.
func (w *meaning) chain(name string) (names []string) {
	for range depth {
		names = append(names, name)
		n := w.makers[name]
		if n == nil || !n.Standard() || !slices.Contains(keeping, n.OpType) {
			break
		}
		i := slices.IndexFunc(n.Inputs, func(in string) bool { return !w.consts[in] })
		if i < 0 {
			break
		}
		name = n.Inputs[i]
	}
	return names
}

// of is the meaning of an output. seen gives values of a few samples by name, as far as they
// are known; without those of the output a softmax is taken to be over the classes.
func (w *meaning) of(name string, seen map[string]*nn.Tensor) nn.Output {
	y := seen[name]
	if y != nil {
		for _, from := range w.chain(name) {
			if x := seen[from]; x != nil && len(x.Data) == len(y.Data) && len(x.Shape) > 0 && x.Shape[0] == y.Shape[0] {
				if o := distributed(x); o == nn.OutputProbabilities || o != nn.OutputLogits && from == name {
					return o
				}
			}
		}
	}
	if chain := w.chain(name); y == nil {
		switch from := chain[len(chain)-1]; {
		case w.isMadeBy(from, "Softmax"):
			return nn.OutputProbabilities
		case w.isMadeBy(from, "LogSoftmax"):
			return nn.OutputLogProbabilities
		}
	}
	return w.each(name, depth)
}

// distributed is the meaning of outputs (samples, …) that are seen to be distributions over
// the classes, or their logarithms: they add up to 1. Else it is logits.
func distributed(y *nn.Tensor) nn.Output {
	const tolerance = 2e-3 // of half precision
	if len(y.Shape) < 1 || y.Shape[0] < 1 || len(y.Data)/y.Shape[0] < 2 {
		return nn.OutputLogits
	}
	probabilities, logarithms := true, true
	for i := range y.Shape[0] {
		sum, exps := 0.0, 0.0
		for _, v := range y.Sample(i) {
			probabilities = probabilities && v >= 0 && v <= 1+tolerance
			logarithms = logarithms && v <= tolerance
			sum += float64(v)
			exps += math.Exp(float64(v))
		}
		probabilities = probabilities && math.Abs(sum-1) <= tolerance
		logarithms = logarithms && math.Abs(exps-1) <= tolerance
	}
	switch {
	case probabilities:
		return nn.OutputProbabilities
	case logarithms:
		return nn.OutputLogProbabilities
	}
	return nn.OutputLogits
}
