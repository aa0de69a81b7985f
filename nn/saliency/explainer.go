package saliency

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// Options say how to explain.
type Options struct {
	// Layer is the layer at whose output Grad-CAM looks, of shape (K, h, w); "" stands for the
	// last convolution, as in Selvaraju et al.
	Layer   string
	Workers int // number of goroutines, 0 for one a processor; does not change the result
}

// Explainer explains the answers of a network, in inference. It may be used by one goroutine
// at a time.
type Explainer struct {
	net      *nn.Network // ends in logits
	input    nn.Port
	output   nn.Port
	cam      string // "" if there is no convolution
	executor *nn.Executor
}

// Explanation is what the scores of some classes depend on, one class for each sample.
type Explanation struct {
	Scores   *nn.Tensor // logits, (N, …) as the network gives them
	Gradient *nn.Tensor // ∂score/∂input, of the shape of the input
	CAM      *nn.Tensor // Grad-CAM, (N, h, w), ≥ 0; nil if the network has no convolution
}

// New returns an explainer of a network of one input and one output. It is an error if
// Options.Layer is no layer with maps, or the output does not depend on it.
func New(net *nn.Network, o Options) (*Explainer, error) {
	if err := net.CheckSingle(); err != nil {
		return nil, fmt.Errorf("saliency: %w", err)
	}
	net, err := logits(net)
	if err != nil {
		return nil, err
	}
	e := &Explainer{net: net, cam: o.Layer}
	e.input, e.output = e.net.Inputs()[0], e.net.Outputs()[0]
	if o.Layer == "" {
		e.cam, _ = LastConv(e.net)
	} else if err := e.checkMaps(o.Layer); err != nil {
		return nil, err
	}
	cfg := nn.ExecutorConfig{
		Workers: o.Workers, Outputs: []string{e.output.Name},
		Seeds: []string{e.output.Name}, Gradients: []string{e.input.Name},
	}
	if e.cam != "" {
		if e.cam != e.output.Name {
			cfg.Outputs = append(cfg.Outputs, e.cam)
		}
		cfg.Gradients = append(cfg.Gradients, e.cam)
	}
	e.executor, err = nn.NewExecutor(e.net, cfg)
	return e, err
}

// logits is the network without a softmax or sigmoid at its end, whose derivatives vanish where
// it is sure of a class.
func logits(net *nn.Network) (*nn.Network, error) {
	last := net.Outputs()[0].Name
	return net.Logits().Builder(func(n *nn.Node) nn.Layer {
		if l, ok := n.Layer.(activation.Layer); ok && n.Name == last && l.Func == activation.Sigmoid {
			return activation.Layer{Func: activation.Linear}
		}
		return n.Layer
	}).Build()
}

// Layer is the layer at which Grad-CAM looks, "" if the network has no convolution.
func (e *Explainer) Layer() string { return e.cam }

// LastConv is the last convolution of a network, transposed ones among them; ok reports
// whether there is one.
func LastConv(net *nn.Network) (name string, ok bool) {
	for _, n := range net.Nodes() {
		switch n.Layer.(type) {
		case layer.Conv, layer.ConvTranspose:
			name, ok = n.Name, true
		}
	}
	return name, ok
}

func (e *Explainer) checkMaps(name string) error {
	n := e.net.Node(name)
	switch {
	case n == nil:
		return fmt.Errorf("saliency: the network has no layer %q", name)
	case len(n.Shape) != 3:
		return fmt.Errorf("saliency: layer %q gives %v numbers a sample; Grad-CAM needs maps of (channels, height, width)", name, n.Shape)
	}
	return nil
}

// Explain explains the scores of samples x, (N, …), of classes[i] for sample i.
func (e *Explainer) Explain(x *nn.Tensor, classes []int) (*Explanation, error) {
	seed, err := e.seed(x, classes)
	if err != nil {
		return nil, err
	}
	r, err := e.executor.Run(map[string]*nn.Tensor{e.input.Name: x}, map[string]*nn.Tensor{e.output.Name: seed})
	if err != nil {
		return nil, fmt.Errorf("saliency: %w", err)
	}
	ex := &Explanation{Scores: r.Outputs[e.output.Name], Gradient: r.Gradients[e.input.Name]}
	if e.cam != "" {
		ex.CAM = gradCAM(r.Outputs[e.cam], r.Gradients[e.cam])
	}
	return ex, nil
}

// seed is ∂score/∂output, 1 or −1 at one output of each sample.
func (e *Explainer) seed(x *nn.Tensor, classes []int) (*nn.Tensor, error) {
	if len(x.Shape) == 0 || x.Shape[0] != len(classes) {
		return nil, fmt.Errorf("saliency: %d classes for samples of shape %v; need one for each sample", len(classes), x.Shape)
	}
	outputs := e.output.Shape.Size()
	seed := nn.NewTensor(append([]int{len(classes)}, e.output.Shape...)...)
	for i, k := range classes {
		switch {
		case k < 0 || k >= max(2, outputs):
			return nil, fmt.Errorf("saliency: class %d of sample %d; the network has classes 0 to %d", k, i, max(2, outputs)-1)
		case outputs > 1:
			seed.Sample(i)[k] = 1
		case k == 0:
			seed.Sample(i)[0] = -1
		default:
			seed.Sample(i)[0] = 1
		}
	}
	return seed, nil
}
