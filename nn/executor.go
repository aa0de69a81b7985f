package nn

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/internal/exec"
)

// Mode is the mode of layers that behave differently in training and in inference: BatchNorm
// and Dropout.
type Mode int

const (
	// Inference normalises by running statistics and drops nothing, in the backward pass too:
	// PyTorch's eval(), Keras's training=False.
	Inference Mode = iota
	// Training normalises by the statistics of the batch, updates the running statistics, and
	// drops values: PyTorch's train(), Keras's training=True.
	Training
)

// ExecutorConfig says what an Executor computes.
type ExecutorConfig struct {
	Mode    Mode
	Workers int // number of goroutines, 0 for one a processor; does not change the result
	// InBlocks makes small batches give the same bits as large ones. Without it, a few samples
	// in Inference mode without seeds run one by one, which takes less time and memory and
	// rounds differently.
	InBlocks bool
	// FixedParams promises that the network's parameters do not change after the first Run.
	// That saves looking for changes, some percent of the time of a single sample. ONNX
	// Runtime's sessions and torch.jit.freeze assume it too.
	FixedParams bool
	// FastConv allows Winograd's algorithm for convolutions of 3×3 in batches. It is about twice
	// as fast as the sum of taps, and its errors are two to four times as large
	// (Network.SetFastConv).
	FastConv bool
	// Outputs are the layers and inputs whose values Run returns; nil means the network's
	// outputs. Layers that neither Outputs, Seeds nor Gradients depend on are not computed, so
	// this is also how to stop at a layer.
	Outputs []string
	// Seeds are the layers at whose outputs y Run is given the gradient ∂L/∂y of a scalar L.
	// Without seeds there is no backward pass.
	Seeds []string
	// Gradients are the layers and inputs for which Run returns the gradient of L with respect
	// to the layer's output, or to the input.
	Gradients []string
}

// Executor runs a network forward and, with seeds, backward, and gives access to the values and
// gradients of all layers. It owns the memory for that, and may be used by one goroutine at a
// time. Run uses the current values of the network's parameters, but Param.Frozen is read only
// when the Executor is made.
type Executor struct {
	net      *Network
	cfg      ExecutorConfig
	exec     *exec.Executor
	recorder *recorder
	seeds    map[string]exec.Value
	seed     uint64
	step     int
}

// Result is the result of a run.
type Result struct {
	Outputs   map[string]*Tensor // by name of the layer, each of shape (N, …)
	Gradients map[string]*Tensor // by name of the layer or input, likewise; nil without seeds
	// Params are the gradients of the trained parameters that a seed depends on; nil without
	// seeds.
	Params Grads
}

// NewExecutor returns an executor for a network. Unknown and repeated names are errors, and so
// are Gradients that no seed depends on.
func NewExecutor(net *Network, cfg ExecutorConfig) (*Executor, error) {
	e := &Executor{net: net, cfg: cfg, seeds: map[string]exec.Value{}}
	if cfg.Mode != Inference && cfg.Mode != Training {
		return nil, fmt.Errorf("executor: mode %d is neither nn.Inference nor nn.Training", cfg.Mode)
	}
	if e.cfg.Outputs == nil {
		for _, p := range net.Outputs() {
			e.cfg.Outputs = append(e.cfg.Outputs, p.Name)
		}
	}
	c := exec.Config{Training: cfg.Mode == Training, Workers: cfg.Workers, FixedParams: cfg.FixedParams, Fast: cfg.FastConv}
	var err error
	if c.Observed, err = net.values("output", e.cfg.Outputs); err != nil {
		return nil, err
	}
	if c.Seeds, err = net.values("seed", cfg.Seeds); err != nil {
		return nil, err
	}
	if c.Gradients, err = net.values("gradient", cfg.Gradients); err != nil {
		return nil, err
	}
	for i, v := range c.Seeds {
		e.seeds[cfg.Seeds[i]] = v
	}
	e.exec = exec.New(net.graph(), c)
	for i, v := range c.Gradients {
		if !e.exec.HasGradient(v) {
			return nil, fmt.Errorf("executor: gradient %q: no seed depends on it", cfg.Gradients[i])
		}
	}
	e.recorder = newRecorder(net, e.cfg.Outputs, c.Observed, cfg.Gradients, c.Gradients)
	return e, nil
}

// Seed sets the seed and the step of the random numbers of layers such as Dropout, as
// Stepper.Seed does. Each Run counts as a step.
func (e *Executor) Seed(seed uint64, step int) { e.seed, e.step = seed, step }

// Run runs a batch of inputs, by name, forward, and the gradients of seeds, by name of the layer,
// backward. All are of shape (N, …) with the same N. A seed that is left out is zero; if all
// are left out there is no backward pass. The tensors of the result are newly allocated.
func (e *Executor) Run(inputs, seeds map[string]*Tensor) (*Result, error) {
	if err := e.net.checkData(); err != nil {
		return nil, err
	}
	n, err := e.check(inputs, seeds)
	if err != nil {
		return nil, err
	}
	if e.cfg.Mode == Training {
		if err := e.net.CheckBatch(n); err != nil {
			return nil, err
		}
	}
	e.recorder.begin(n)
	defer e.recorder.drop()
	err = e.exec.Run(n, exec.Job{
		Key: stepKey(e.seed, e.step), InBlocks: e.cfg.InBlocks, ForwardOnly: len(seeds) == 0,
		Load: func(u *exec.Unit) error {
			for k, p := range e.net.inputs {
				u.Value(exec.Input(k)).Write(inputs[p.Name].samples(u.First, u.Samples))
			}
			return nil
		},
		AfterForward: func(u *exec.Unit) error {
			for name, v := range e.seeds {
				if g := u.Gradient(v); g.Data == nil {
					continue
				} else if dy := seeds[name]; dy != nil {
					g.SetSamples(dy.samples(u.First, u.Samples))
				} else {
					clear(g.Data)
				}
			}
			return nil
		},
		Observe: e.recorder.observe, Gradient: e.recorder.gradient,
	})
	if err != nil {
		return nil, err
	}
	e.step++
	r := &Result{}
	r.Outputs, r.Gradients = e.recorder.recorded()
	if len(seeds) == 0 {
		r.Gradients = nil
		return r, nil
	}
	r.Params = e.params()
	return r, nil
}

// params are the gradients of the parameters in the last run.
func (e *Executor) params() Grads {
	flat := make([]float32, e.exec.NumGradients())
	e.exec.Reduce(flat)
	nodes := e.exec.SplitGradients(flat)
	for i := range nodes {
		if !e.exec.RunsBack(i) {
			clear(nodes[i])
		}
	}
	return e.net.gradsOf(nodes)
}

// check checks the arguments of Run and returns the number of samples.
func (e *Executor) check(inputs, seeds map[string]*Tensor) (int, error) {
	n := -1
	for _, p := range e.net.inputs {
		x := inputs[p.Name]
		if x == nil {
			return 0, fmt.Errorf("input %q is missing: the network takes %s", p.Name, portNames(e.net.inputs))
		}
		if err := x.checkBatch(p.Shape); err != nil {
			return 0, fmt.Errorf("input %q: %w", p.Name, err)
		}
		if n >= 0 && x.Shape[0] != n {
			return 0, fmt.Errorf("input %q has %d samples, another one %d", p.Name, x.Shape[0], n)
		}
		n = x.Shape[0]
	}
	for name := range inputs {
		if !e.net.hasInput(name) {
			return 0, fmt.Errorf("the network has no input %q: it takes %s", name, portNames(e.net.inputs))
		}
	}
	if n == 0 && (e.cfg.Mode == Training || len(seeds) > 0) {
		return 0, errEmptyBatch
	}
	for name, dy := range seeds {
		v, ok := e.seeds[name]
		if !ok {
			return 0, fmt.Errorf("seed %q is not one of ExecutorConfig.Seeds", name)
		}
		if err := dy.checkBatch(e.net.shapeOf(v)); err != nil {
			return 0, fmt.Errorf("seed %q: %w", name, err)
		}
		if dy.Shape[0] != n {
			return 0, fmt.Errorf("seed %q has %d samples, the inputs %d", name, dy.Shape[0], n)
		}
	}
	return n, nil
}

// values finds layers and inputs by name. what is "output", "gradient" or "seed", which must be
// a layer.
func (n *Network) values(what string, names []string) (list []exec.Value, err error) {
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			return nil, fmt.Errorf("executor: %s %q is named twice", what, name)
		}
		seen[name] = true
		k := slices.IndexFunc(n.inputs, func(p Port) bool { return p.Name == name })
		switch node := n.byName[name]; {
		case node != nil:
			list = append(list, exec.Value(node.at))
		case k >= 0 && what != "seed":
			list = append(list, exec.Input(k))
		default:
			return nil, fmt.Errorf("executor: %s %q: the network has no layer of that name", what, name)
		}
	}
	return list, nil
}

// graph is the network as a graph of the executor.
func (n *Network) graph() *exec.Graph {
	g := &exec.Graph{}
	for _, p := range n.inputs {
		g.Inputs = append(g.Inputs, p.Shape)
	}
	for _, node := range n.nodes {
		trained := make([]bool, len(node.Params))
		for i, p := range node.Params {
			trained[i] = p.Trained()
		}
		g.Nodes = append(g.Nodes, exec.Node{Op: node.op, In: node.in, Weights: node.weights, Trained: trained})
	}
	return g
}

// outputValues are the network's outputs.
func (n *Network) outputValues() []exec.Value {
	list := make([]exec.Value, len(n.outputs))
	for i, o := range n.outputs {
		list[i] = exec.Value(o)
	}
	return list
}
