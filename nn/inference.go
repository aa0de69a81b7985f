package nn

import (
	"fmt"
	"sync"

	"github.com/gonn-toolkit/gonn/nn/internal/exec"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// Forward runs the network in inference on a tensor of shape (N, …) and returns its output, of
// shape (N, …). The network must have one input and one output. It is safe for concurrent use.
// SetFixedParams makes it faster for few samples.
func (n *Network) Forward(x *Tensor) (*Tensor, error) {
	if err := n.CheckSingle(); err != nil {
		return nil, err
	}
	if x == nil {
		return nil, fmt.Errorf("the network takes %s, got no tensor", n.InputShape().Batched())
	}
	if len(x.Shape) == 0 || !Shape(x.Shape[1:]).Equal(n.InputShape()) {
		return nil, fmt.Errorf("the network takes %s, got %v", n.InputShape().Batched(), Shape(x.Shape))
	}
	if err := x.check(); err != nil {
		return nil, err
	}
	y := NewTensor(append([]int{x.Shape[0]}, n.OutputShape()...)...)
	out := exec.Value(n.outputs[0])
	return y, n.infer(x.Shape[0], 0, exec.Job{
		Load: func(u *exec.Unit) error {
			u.Value(exec.Input(0)).Write(x.samples(u.First, u.Samples))
			return nil
		},
		AfterForward: func(u *exec.Unit) error {
			u.Value(out).Read(y.samples(u.First, u.Samples))
			return nil
		},
	})
}

// Evaluate computes loss and accuracy over a data set, which must be Samples or TargetSamples.
// workers is the number of goroutines, 0 for one a processor; it does not change the result.
// It is safe for concurrent use.
func (n *Network) Evaluate(data Dataset, loss Loss, workers int) (Stats, error) {
	return n.EvaluateEach(data, loss, workers, func([]int, Block) {})
}

// EvaluateEach is Evaluate that also calls see with the outputs of each block: output l is that
// of sample idx[l]. see is called concurrently, for different samples.
func (n *Network) EvaluateEach(data Dataset, l Loss, workers int, see func(idx []int, out Block)) (Stats, error) {
	from, err := n.checkSamples(data, l)
	if err != nil {
		return Stats{}, err
	}
	blocks := exec.Blocks(data.Len())
	stats, targets := make([]Stats, blocks), make([]loss.Targets, blocks)
	out := exec.Value(n.outputs[0])
	err = n.infer(data.Len(), workers, exec.Job{
		LoadsBlocks: true,
		Load: func(u *exec.Unit) error {
			return data.Fill(u.Value(exec.Input(0)).Block(), rangeOf(u.Index, data.Len()))
		},
		AfterForward: func(u *exec.Unit) error {
			idx, t := rangeOf(u.Index, data.Len()), &targets[u.Index]
			if err := from.read(t, idx); err != nil {
				return err
			}
			y := u.Value(out).Block()
			stats[u.Index] = statsOf(y, t, l, Block{}, 0)
			see(idx, y)
			t.Values = Block{} // keep nothing alive
			return nil
		},
	})
	if err != nil {
		return Stats{}, err
	}
	st := sumStats(stats)
	if st.Samples > 0 && st.Weight == 0 {
		return Stats{}, errWeightless
	}
	return st, nil
}

// Predict returns the outputs for all samples of a data set, of shape (N, …). workers is as in
// Evaluate. It is safe for concurrent use.
func (n *Network) Predict(data Dataset, workers int) (*Tensor, error) {
	if err := n.checkShape(data); err != nil {
		return nil, err
	}
	y := NewTensor(append([]int{data.Len()}, n.OutputShape()...)...)
	out := exec.Value(n.outputs[0])
	samples := sync.Pool{New: func() any { return NewTensor(n.InputShape()...) }} // if they run one by one
	err := n.infer(data.Len(), workers, exec.Job{
		Load: func(u *exec.Unit) error {
			x := u.Value(exec.Input(0))
			if b := x.Block(); b.Data != nil {
				return data.Fill(b, rangeOf(u.Index, data.Len()))
			}
			sample := samples.Get().(*Tensor)
			defer samples.Put(sample)
			err := ReadSample(sample.Data, data, u.First)
			x.Write(sample.Data)
			return err
		},
		AfterForward: func(u *exec.Unit) error {
			u.Value(out).Read(y.samples(u.First, u.Samples))
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	return y, nil
}

// ArgMax is the index of the largest value, the first of equal ones, and -1 if there is none. NaN
// is not the largest of anything. For the class of an output use Output.Class, which also handles
// networks with a single output.
func ArgMax(v []float32) int {
	best := -1
	for k, x := range v {
		if x == x && (best < 0 || x > v[best]) {
			best = k
		}
	}
	return best
}
