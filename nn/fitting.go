package nn

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// LossFor is the usual loss for the output of a network: loss.BCE for OutputSigmoids,
// loss.BCELogits for a single output and for OutputLogSigmoids, otherwise loss.CrossEntropy. Use
// it with the network that Network.For returns.
func LossFor(n *Network) Loss {
	switch o := n.Output(); {
	case o == OutputSigmoids:
		return loss.BCE{}
	case o == OutputLogSigmoids, n.OutputShape().Size() == 1:
		return loss.BCELogits{}
	}
	return loss.CrossEntropy{}
}

// For returns the network for a loss: without its softmax if the loss includes one, with a
// logarithm after it if the softmax cannot be removed, otherwise n itself. It returns an error,
// which suggests other losses, if the loss does not fit the output.
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

// ForTraining is For with two differences: a network of logits gets a sigmoid for a loss on
// probabilities, and it is an error if the softmax cannot be removed for a loss on logits.
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

// WithProbabilities returns the network with a last layer that maps its logits to probabilities: a
// sigmoid if the loss that it was trained with contains one, or if there is one output,
// otherwise a softmax. It is an error if the outputs are probabilities already.
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

// decider is the name of the layer that determines the meaning of the output.
func (n *Network) decider(e ending) string {
	if e.source != nil {
		return e.source.Name
	}
	return n.output().Name
}

// withEnd is the network with one more layer after its output.
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

// FreeName is an unused name for a layer: name, or name with a number: softmax, softmax_2, …
func (n *Network) FreeName(name string) string {
	free := name
	for k := 2; n.byName[free] != nil || n.hasInput(free); k++ {
		free = fmt.Sprintf("%s_%d", name, k)
	}
	return free
}
