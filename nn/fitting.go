package nn

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// LossFor is the loss that the output of a network calls for: binary cross-entropy if it
// gives probabilities each by itself, on logits if it has a single output (or gives
// logarithms of sigmoids), else cross-entropy. Network.For is the network as it takes it.
func LossFor(n *Network) Loss {
	switch o := n.Output(); {
	case o == OutputSigmoids:
		return loss.BCE{}
	case o == OutputLogSigmoids, n.OutputShape().Size() == 1:
		return loss.BCELogits{}
	}
	return loss.CrossEntropy{}
}

// For is the network as a loss takes it: without its softmax if the loss includes one, with
// the logarithm of its probabilities if that cannot be taken away, else itself. A loss that
// is not on what the network gives is an error that says which are.
func (n *Network) For(loss Loss) (*Network, error) {
	e := n.ending()
	switch {
	case loss.Probabilities() && !e.output.Probabilities():
		return nil, fmt.Errorf("loss %s is on probabilities, and the network gives %v: choose cross-entropy or bce-logits", loss.Name(), e.output)
	case loss.Probabilities():
		return n, nil
	case e.output == OutputSigmoids:
		return nil, fmt.Errorf("loss %s is on logits, and the network ends in a sigmoid: choose bce, mse or huber", loss.Name())
	case e.output == OutputProbabilities && e.source == nil:
		return n.withEnd("ln", activation.Layer{Func: activation.Logarithm})
	case e.output == OutputProbabilities, e.output == OutputLogSigmoids,
		e.output == OutputLogProbabilities && ofSigmoids(loss):
		return n.without(e), nil
	}
	return n, nil
}

// ForTraining is For, but a network of logits gets a sigmoid at its end for a loss on
// probabilities, and one whose softmax cannot be taken away is not trained by a loss on
// logits.
func (n *Network) ForTraining(loss Loss) (*Network, error) {
	e := n.ending()
	if !loss.Probabilities() && e.output == OutputProbabilities && e.source == nil {
		return nil, fmt.Errorf("loss %s is on logits, and layer %q makes the network's probabilities of others: choose bce, mse or huber", loss.Name(), n.output().Name)
	}
	if !loss.Probabilities() || e.output.Probabilities() {
		return n.For(loss)
	}
	if e.output != OutputLogits {
		n = n.without(e)
	}
	return n.withEnd("out", activation.Layer{Func: activation.Sigmoid})
}

// WithProbabilities is the network with a last layer that makes probabilities of its
// logits: a sigmoid if the loss that it was trained with makes each one by itself, or if
// there is one output, else a softmax. One that gives probabilities already is an error,
// and so is one of logarithms, whose probabilities the logits before them give.
func (n *Network) WithProbabilities(loss Loss) (*Network, error) {
	e := n.ending()
	if e.output.Probabilities() {
		return nil, fmt.Errorf("the network gives probabilities already, in layer %q", n.decider(e))
	}
	layer, name := Layer(layer.Softmax{}), "softmax"
	if e.output == OutputLogSigmoids || ofSigmoids(loss) || n.OutputShape().Size() == 1 {
		layer, name = activation.Layer{Func: activation.Sigmoid}, "sigmoid"
	}
	if e.output != OutputLogits {
		n = n.without(e)
	}
	return n.withEnd(name, layer)
}

// decider names the layer that makes the output what it is.
func (n *Network) decider(e ending) string {
	if e.source != nil {
		return e.source.Name
	}
	return n.output().Name
}

// withEnd is the network with one more layer behind its output.
func (n *Network) withEnd(name string, l Layer) (*Network, error) {
	if err := n.CheckSingle(); err != nil {
		return nil, err
	}
	b := n.Builder(nil)
	name = n.FreeName(name)
	b.Add(name, l, n.output().Name)
	if b.outputs != nil {
		b.outputs = []string{name}
	}
	return b.Build()
}

// FreeName is a name that no layer has, the given one if it is free, else with a number:
// softmax, softmax_2, …
func (n *Network) FreeName(name string) string {
	free := name
	for k := 2; n.byName[free] != nil || n.hasInput(free); k++ {
		free = fmt.Sprintf("%s_%d", name, k)
	}
	return free
}
