package nn

import "slices"

// An ending is the layers at a network's end that decide what its output means: the source,
// such as a Softmax, and behind it those that keep the meaning, the last one first.
type ending struct {
	output Output
	source *Node // nil of logits, and where several branches are joined
	behind []*Node
}

// Output says what the numbers mean that the network gives. The softmax or sigmoid need not
// be its last layer: what changes only the shape follows it, or does nothing in inference,
// or clips, which keeps probabilities what they are. Whether a layer does so is seen by
// running it.
func (n *Network) Output() Output { return n.ending().output }

// mostBehind bounds the layers behind a source, each of which is tried out.
const mostBehind = 64

// ending is that of the output.
func (n *Network) ending() ending { return n.endingAt(n.last(), map[*Node]bool{}) }

// endingAt walks back from a layer. joined says of layers that join several whether all of
// these are probabilities, as far as it has been asked.
func (n *Network) endingAt(from *Node, joined map[*Node]bool) ending {
	e := ending{}
	ofProbabilities, ofLogarithms := true, true // what the layers behind keep
	for node := from; ; node = n.nodes[node.in[0]] {
		o, source := n.source(node, joined)
		switch {
		case source && (o.Probabilities() && ofProbabilities || !o.Probabilities() && ofLogarithms):
			e.output = o
			if len(node.in) == 1 {
				e.source = node
			}
			return e
		case source:
			return ending{}
		}
		k := n.keeps(node)
		ofProbabilities, ofLogarithms = ofProbabilities && k.probabilities, ofLogarithms && k.logarithms
		if node.in[0] < 0 || !ofProbabilities && !ofLogarithms || len(e.behind) == mostBehind {
			return ending{}
		}
		e.behind = append(e.behind, node)
	}
}

// source reports whether a layer decides what its output means, and what that is.
func (n *Network) source(node *Node, joined map[*Node]bool) (Output, bool) {
	distribution := node.Shape[1:].Size() == 1 && node.Shape[0] > 1 // over the whole sample
	switch l := node.Layer.(type) {
	case OutputLayer:
		return l.Output(), true
	case Softmax:
		if distribution {
			return OutputProbabilities, true
		}
		return OutputSigmoids, true // numbers from 0 to 1, of several distributions or none
	case LogSoftmax:
		if distribution {
			return OutputLogProbabilities, true
		}
	case Activation:
		switch l.Func {
		case &sigmoid, &hardsigmoid:
			return OutputSigmoids, true
		case &logsigmoid:
			return OutputLogSigmoids, true
		}
	case Concat:
		if len(node.in) > 1 && n.joinsProbabilities(node, joined) {
			return OutputSigmoids, true
		}
	}
	return OutputLogits, false
}

// joinsProbabilities reports whether all inputs of a layer are probabilities.
func (n *Network) joinsProbabilities(node *Node, joined map[*Node]bool) bool {
	if known, asked := joined[node]; asked {
		return known
	}
	all := !slices.ContainsFunc(node.in, func(i int) bool {
		return i < 0 || !n.endingAt(n.nodes[i], joined).output.Probabilities()
	})
	joined[node] = all
	return all
}

// Logits returns the network without a softmax in its ending (or the logarithm of sigmoids),
// sharing no values with it: up to there, and the layers behind that change the shape. It
// is the network itself if there is none. A LogSoftmax stays, since log-probabilities are
// logits.
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
	b := NewBuilder(n.input)
	b.from = n
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
		case node == n.last() && len(b.net.nodes) == 0: // a network has one layer at least
			b.Add(node.Name, Activation{Func: &linear}, inputs...)
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
