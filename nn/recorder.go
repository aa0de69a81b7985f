package nn

import "github.com/gonn-toolkit/gonn/nn/internal/exec"

// recorder records values and gradients of an executor as tensors (N, …).
type recorder struct {
	net       *Network
	outputs   []recorded
	gradients []recorded
}

type recorded struct {
	name   string
	value  exec.Value
	tensor *Tensor
}

func newRecorder(net *Network, outputs []string, values []exec.Value, gradients []string, gradientValues []exec.Value) *recorder {
	list := func(names []string, values []exec.Value) (all []recorded) {
		for i, name := range names {
			all = append(all, recorded{name: name, value: values[i]})
		}
		return all
	}
	return &recorder{net, list(outputs, values), list(gradients, gradientValues)}
}

// begin allocates tensors for n samples.
func (r *recorder) begin(n int) {
	for _, list := range [][]recorded{r.outputs, r.gradients} {
		for i := range list {
			list[i].tensor = NewTensor(append([]int{n}, r.net.shapeOf(list[i].value)...)...)
		}
	}
}

// observe and gradient are called concurrently, for different samples.
func (r *recorder) observe(u *exec.Unit, v exec.Value) {
	for i := range r.outputs {
		if o := &r.outputs[i]; o.value == v {
			u.Value(v).Read(o.tensor.samples(u.First, u.Samples))
		}
	}
}

func (r *recorder) gradient(u *exec.Unit, v exec.Value) {
	for i := range r.gradients {
		if g := &r.gradients[i]; g.value == v {
			u.Gradient(v).Samples(g.tensor.samples(u.First, u.Samples))
		}
	}
}

// recorded returns the tensors: none before the first run and after an error.
func (r *recorder) recorded() (outputs, gradients map[string]*Tensor) {
	collect := func(list []recorded) map[string]*Tensor {
		tensors := map[string]*Tensor{}
		for _, x := range list {
			if x.tensor != nil {
				tensors[x.name] = x.tensor
			}
		}
		return tensors
	}
	return collect(r.outputs), collect(r.gradients)
}

// drop drops the tensors.
func (r *recorder) drop() {
	for _, list := range [][]recorded{r.outputs, r.gradients} {
		for i := range list {
			list[i].tensor = nil
		}
	}
}
