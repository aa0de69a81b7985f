package nn

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/internal/exec"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// ending is the layers at the end of a network that determine the meaning of its output: the
// source, such as a Softmax, and the layers after it, the last one first.
type ending struct {
	output Output
	source *Node   // nil for logits, and if the source cannot be removed
	behind []*Node // layers after the source
}

// Output is the meaning of the network's output. The softmax or sigmoid need not be the last
// layer: it may be followed by layers that only change the shape, do nothing in inference, clip
// probabilities, or average them. Whether a layer does so is determined by running it once.
// Arithmetic on probabilities with results between 0 and 1, such as 1 − p or the mean of two
// networks, also gives probabilities.
func (n *Network) Output() Output { return n.ending().output }

const (
	mostBehind = 64      // bounds the layers behind a source
	mostTried  = 1 << 21 // bounds the elements of all layers that are tried out
)

// endings finds the endings of a network's layers.
type endings struct {
	*Network
	joined map[*Node]bool // of layers that join several, whether all of these are probabilities
	left   int            // of mostTried
}

// ending is that of the output.
func (n *Network) ending() ending {
	w := &endings{n, map[*Node]bool{}, mostTried}
	e := w.at(n.output())
	if e.output == OutputLogits {
		e.output = n.ofBounds()
	}
	return e
}

// at finds the ending of a layer, going backward from it.
func (w *endings) at(from *Node) ending {
	e := ending{}
	all := keeping{probabilities: true, logarithms: true, means: true, distributions: true} // what the layers behind keep
	for node := from; ; node = w.nodes[node.in[0]] {
		if o, source := w.source(node); source {
			return e.of(node, o, all, from.Shape)
		}
		if len(node.in) != 1 || node.in[0] < 0 || len(e.behind) == mostBehind || !w.affords(node) {
			return ending{}
		}
		k := w.keeps(node)
		all.probabilities, all.logarithms = all.probabilities && k.probabilities, all.logarithms && k.logarithms
		all.means, all.distributions = all.means && k.means, all.distributions && k.distributions
		if !all.means && !all.logarithms {
			return ending{}
		}
		e.behind = append(e.behind, node)
	}
}

// affords subtracts the elements of a layer from the budget, and reports whether it is not
// exceeded.
func (w *endings) affords(node *Node) bool {
	w.left -= max(w.inputOf(node).Size(), node.Shape.Size())
	return w.left >= 0
}

// of is an ending with its source, which gives o; shape is that of the last layer.
func (e ending) of(node *Node, o Output, behind keeping, shape Shape) ending {
	switch {
	case o.Probabilities() && behind.probabilities, !o.Probabilities() && behind.logarithms:
		e.output = o
		if len(node.in) == 1 {
			e.source = node
		}
	case isSoftmax(node) && behind.distributions && overSample(shape): // of each pixel, averaged
		e.output = OutputProbabilities
	case o.Probabilities() && behind.means:
		e.output = OutputSigmoids
	default:
		return ending{}
	}
	return e
}

func isSoftmax(node *Node) bool {
	_, ok := node.Layer.(layer.Softmax)
	return ok
}

// overSample reports whether the channels of a shape are all of a sample.
func overSample(s Shape) bool { return s[1:].Size() == 1 && s[0] > 1 }

// source reports whether a layer decides what its output means, and what that is.
func (w *endings) source(node *Node) (Output, bool) {
	switch l := node.Layer.(type) {
	case OutputLayer:
		return l.Output(), true
	case layer.Softmax:
		if overSample(node.Shape) {
			return OutputProbabilities, true
		}
		return OutputSigmoids, true // numbers from 0 to 1, of several distributions or none
	case layer.LogSoftmax:
		if overSample(node.Shape) {
			return OutputLogProbabilities, true
		}
	case activation.Layer:
		switch l.Func {
		case activation.Sigmoid, activation.HardSigmoid:
			return OutputSigmoids, true
		case activation.LogSigmoid:
			return OutputLogSigmoids, true
		}
	case layer.Concat:
		if len(node.in) > 1 && w.joinsProbabilities(node) {
			return OutputSigmoids, true
		}
	}
	return OutputLogits, false
}

// joinsProbabilities reports whether all inputs of a layer are probabilities.
func (w *endings) joinsProbabilities(node *Node) bool {
	if known, asked := w.joined[node]; asked {
		return known
	}
	all := !slices.ContainsFunc(node.in, func(i exec.Value) bool {
		return i < 0 || !w.at(w.nodes[i]).output.Probabilities()
	})
	w.joined[node] = all
	return all
}

// Logits returns a copy of the network without its final softmax (or logarithm of sigmoids). Layers
// after it that only change the shape stay. It returns n itself if there is no such layer. A
// LogSoftmax stays, since log-probabilities are logits.
func (n *Network) Logits() *Network {
	e := n.ending()
	if e.output == OutputProbabilities || e.output == OutputLogSigmoids {
		return n.without(e)
	}
	return n
}

// without is the network without the source of an ending and what follows it, but for
// layers that only change the shape.
func (n *Network) without(e ending) *Network {
	if e.source == nil {
		return n
	}
	drop := map[*Node]bool{e.source: true}
	for _, node := range e.behind {
		drop[node] = !n.keeps(node).everything
	}
	b := n.emptyBuilder()
	became := map[string]string{} // what a dropped layer's reader reads instead
	for _, node := range n.nodes {
		var inputs []string
		for _, in := range node.Inputs {
			if other, dropped := became[in]; dropped {
				in = other
			}
			inputs = append(inputs, in)
		}
		switch {
		case !drop[node]:
			b.Add(node.Name, node.Layer, inputs...)
		case node == n.output() && len(b.net.nodes) == 0: // a network has one layer at least
			b.Add(node.Name, activation.Layer{Func: activation.Linear}, inputs...)
		default:
			became[node.Name] = inputs[0]
		}
	}
	m, err := b.Build()
	if err != nil {
		panic("nn: a built network does not build without its softmax: " + err.Error())
	}
	return m
}
