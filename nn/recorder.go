package nn

import "github.com/gonn-toolkit/gonn/nn/internal/exec"

// recorder records values and gradients of an executor as tensors (N, …).
type recorder struct {
	net                *Network
	outputs, gradients recording
}

// recording is a list of recorded values and the index of each.
type recording struct {
	list []recorded
	at   map[exec.Value]int // where in the list
}

type recorded struct {
	name   string
	value  exec.Value
	tensor *Tensor
}

func newRecorder(net *Network, outputs []string, values []exec.Value, gradients []string, ofGradients []exec.Value) *recorder {
	return &recorder{net, newRecording(outputs, values), newRecording(gradients, ofGradients)}
}

func newRecording(names []string, values []exec.Value) recording {
	r := recording{at: make(map[exec.Value]int, len(names))}
	for i, v := range values {
		r.list = append(r.list, recorded{name: names[i], value: v})
		r.at[v] = i
	}
	return r
}

// begin allocates tensors for n samples.
func (r *recorder) begin(n int) {
	for _, list := range [][]recorded{r.outputs.list, r.gradients.list} {
		for i := range list {
			list[i].tensor = NewTensor(append([]int{n}, r.net.shapeOf(list[i].value)...)...)
		}
	}
}

// observe and gradient are called concurrently, for different samples.
func (r *recorder) observe(u *exec.Unit, v exec.Value) {
	if i, ok := r.outputs.at[v]; ok {
		u.Value(v).Read(r.outputs.list[i].tensor.samples(u.First, u.Samples))
	}
}

func (r *recorder) gradient(u *exec.Unit, v exec.Value) {
	if i, ok := r.gradients.at[v]; ok {
		u.Gradient(v).Samples(r.gradients.list[i].tensor.samples(u.First, u.Samples))
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
	return collect(r.outputs.list), collect(r.gradients.list)
}

// drop drops the tensors.
func (r *recorder) drop() {
	for _, list := range [][]recorded{r.outputs.list, r.gradients.list} {
		for i := range list {
			list[i].tensor = nil
		}
	}
}
