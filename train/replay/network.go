package replay

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/train/bundle"
)

// buildNetwork makes the network that trains as the framework's model did: its semantics, the
// constants of its batch normalisations, masks in place of random numbers.
func (r *replayer) buildNetwork(b *bundle.Bundle) error {
	net := r.place.imported.Network
	if b.Loss.Probabilities {
		net = net.Logits()
	}
	norms := map[string]bundle.BatchNorm{}
	for _, n := range b.BatchNorm {
		norms[n.Mean] = n
	}
	r.masks = map[string]*mask{}
	found, wrong := 0, error(nil)
	built, err := net.Builder(func(n *nn.Node) nn.Layer {
		switch l := n.Layer.(type) {
		case layer.BatchNorm:
			if s := r.place.params[n.Name+".running_mean"]; s != nil {
				own, ok := norms[s.name]
				if err := r.checkNorm(n.Name, own); ok && wrong == nil {
					wrong = err
				}
				if ok {
					found++
					l.Eps, l.Momentum = float32(own.Epsilon), float32(own.Momentum)
				}
			}
			return l.WithSemantics(r.semantics)
		case layer.Dropout:
			r.masks[n.Name] = &mask{}
			return masked{r.masks[n.Name]}
		}
		return op.WithSemantics(n.Layer, r.semantics)
	}).Build()
	if err != nil {
		return err
	}
	if wrong != nil {
		return wrong
	}
	if found != len(b.BatchNorm) {
		return fmt.Errorf("%d batch normalisations were recorded, the recovered network has %d of them", len(b.BatchNorm), found)
	}
	trained := map[string]bool{}
	for _, p := range b.Parameters {
		trained[p.Name] = p.Trained
	}
	for _, p := range built.Params() {
		s := r.place.params[p.FullName()]
		p.Frozen = s == nil || !trained[s.name]
	}
	r.net = built
	r.findCancelling()
	return nil
}

// checkNorm is an error if a batch normalisation of the network has other tensors than those that
// are recorded of it.
func (r *replayer) checkNorm(layer string, n bundle.BatchNorm) error {
	for _, t := range []struct{ own, recorded string }{
		{".weight", n.Weight}, {".bias", n.Bias}, {".running_mean", n.Mean}, {".running_var", n.Variance},
	} {
		if s := r.place.params[layer+t.own]; s != nil && s.name != t.recorded {
			return fmt.Errorf("batch normalisation %q: its%s is %q in %s, and %q here", n.Name, strings.ReplaceAll(t.own, ".", " "), s.name, bundle.ModelFile, t.recorded)
		}
	}
	return nil
}

// findCancelling finds the biases of layers that only batch normalisations read, and how many
// pixels these average over.
func (r *replayer) findCancelling() {
	r.cancelling, r.planes = map[string]bool{}, map[string]int{}
	for _, n := range r.net.Nodes() {
		for _, p := range n.Params {
			if s := r.place.params[p.FullName()]; s != nil && p.Role == nn.Statistic {
				r.planes[s.name] = n.Shape.Size() / n.Shape[0]
			}
		}
	}
	readers := map[string][]*nn.Node{}
	for _, n := range r.net.Nodes() {
		for _, in := range n.Inputs {
			readers[in] = append(readers[in], n)
		}
	}
	for _, n := range r.net.Nodes() {
		other := func(reader *nn.Node) bool { return reader.Layer.Kind() != "BatchNorm" }
		if len(readers[n.Name]) == 0 || slices.ContainsFunc(readers[n.Name], other) {
			continue
		}
		for _, p := range n.Params {
			if s := r.place.params[p.FullName()]; s != nil && p.Role == nn.Bias && n.Layer.Kind() != "BatchNorm" {
				r.cancelling[s.name] = true
			}
		}
	}
}

// newLoss is the recorded loss.
func newLoss(l bundle.Loss, s nn.Semantics) (nn.Loss, error) {
	made, err := loss.Parse(l.Form, s)
	if _, classes := made.(loss.CrossEntropy); err == nil && l.Probabilities && !classes {
		return nil, fmt.Errorf("loss: probabilities are for a cross-entropy, and the form is %q", l.Form)
	}
	if err != nil || l.ClassWeights == nil {
		return made, err
	}
	return loss.WithClassWeights(made, l.ClassWeights, s)
}
