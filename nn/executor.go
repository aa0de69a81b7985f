package nn

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/internal/exec"
)

// Mode says how layers run that do something else in training than in inference: BatchNorm
// and Dropout.
type Mode int

const (
	// Inference normalises by running statistics and drops nothing, in the backward pass too:
	// PyTorch's eval(), Keras's training=False.
	Inference Mode = iota
	// Training normalises by statistics of the batch, which the running ones follow, and
	// drops values.
	Training
)

// ExecutorConfig says what an Executor computes.
type ExecutorConfig struct {
	Mode    Mode
	Workers int // goroutines, 0 for one a processor; the result is the same
	// InBlocks runs a few samples as many are run, so that what comes out is the same to the
	// bit. Without it, and without seeds, a few run one by one, which takes less time and
	// memory and rounds otherwise.
	InBlocks bool
	// Outputs are the layers whose outputs Run gives, in any place of the network; nil stands
	// for the network's outputs. What neither they nor the seeds need is not computed, so
	// this is also how to stop at a layer.
	Outputs []string
	// Seeds are the layers at whose outputs Run is given a gradient: ∂L/∂y of whatever L is
	// to be derived. Without seeds there is no backward pass.
	Seeds []string
	// Gradients are the layers and inputs for which Run gives the gradient of L with respect to
	// the layer's output, or the input.
	Gradients []string
}

// Executor runs a network forward and, if asked to, backward, and gives access to the values
// and gradients inside.
// It owns the memory that this takes and may be used by one goroutine at a time. The
// parameters are those of the network at the time of Run, but which of them are frozen is
// settled when the Executor is made.
type Executor struct {
	net      *Network
	cfg      ExecutorConfig
	exec     *exec.Executor
	recorder *recorder
	seeds    map[string]exec.Value
	seed     uint64
	step     int
}

// Result is what a run gives.
type Result struct {
	Outputs   map[string]*Tensor // (N, …), by the name of the layer
	Gradients map[string]*Tensor // of layers and inputs that were asked for, likewise
	// Params are the gradients of the parameters that are trained and that a seed reaches:
	// nil without seeds.
	Params Grads
}

// NewExecutor plans a run. Names that the network does not have are errors, and so are
// gradients that no seed reaches.
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
	c := exec.Config{Training: cfg.Mode == Training, Workers: cfg.Workers}
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
			return nil, fmt.Errorf("executor: gradient %q: no seed lies behind it", cfg.Gradients[i])
		}
	}
	e.recorder = newRecorder(net, e.cfg.Outputs, c.Observed, cfg.Gradients, c.Gradients)
	return e, nil
}

// Seed fixes what layers such as Dropout leave to chance, as Stepper.Seed does.
func (e *Executor) Seed(seed uint64, step int) { e.seed, e.step = seed, step }

// Run takes inputs, (N, …) each by its name, through the network, and the gradients of seeds,
// (N, …) each by the name of its layer, back. A seed that is left out is zero; with none at
// all nothing runs back. What it returns is new memory.
func (e *Executor) Run(inputs, seeds map[string]*Tensor) (*Result, error) {
	n, err := e.check(inputs, seeds)
	if err != nil {
		return nil, err
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
	flat := make([]float32, e.exec.NumGradients())
	e.exec.Reduce(flat)
	nodes := e.exec.SplitGradients(flat)
	for i := range nodes {
		if !e.exec.RunsBack(i) {
			clear(nodes[i])
		}
	}
	r.Params = e.net.gradsOf(nodes)
	return r, nil
}

// check gives the number of samples.
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
			return 0, fmt.Errorf("seed %q is not among those that the executor was made for", name)
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

// values finds layers and inputs by name. Only gradients may be those of inputs, or outputs.
func (n *Network) values(what string, names []string) (list []exec.Value, err error) {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("executor: %s %q is named twice", what, name)
		}
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

// graph is the network as the executor sees it.
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
