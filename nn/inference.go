package nn

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/internal/exec"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// Forward runs the network on a tensor of shape (N, …) and returns its output, the
// batch axis first. It is safe for concurrent use.
func (n *Network) Forward(x *Tensor) (*Tensor, error) {
	if err := n.CheckSingle(); err != nil {
		return nil, err
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

// Evaluate gives loss and accuracy over a whole data set, which must have labels or targets.
// workers is the number of goroutines, 0 for one a processor; it does not change the result.
// It is safe for concurrent use.
func (n *Network) Evaluate(data Dataset, loss Loss, workers int) (Stats, error) {
	return n.EvaluateEach(data, loss, workers, func([]int, Block) {})
}

// EvaluateEach is Evaluate that also shows the outputs on the way: see gets those of the
// samples idx, one in each of the first lanes, of up to Lanes samples at a time. Several
// goroutines call it at once, for different samples.
func (n *Network) EvaluateEach(data Dataset, l Loss, workers int, see func(idx []int, out Block)) (Stats, error) {
	from, err := n.checkSamples(data, l)
	if err != nil {
		return Stats{}, err
	}
	blocks := exec.Blocks(data.Len())
	stats, targets := make([]Stats, blocks), make([]loss.Targets, blocks)
	out := exec.Value(n.outputs[0])
	err = n.infer(data.Len(), workers, exec.Job{
		InBlocks: true,
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

// Predict gives the output for every sample of a data set, (N, …). It is safe for
// concurrent use.
func (n *Network) Predict(data Dataset, workers int) (*Tensor, error) {
	if err := n.checkShape(data); err != nil {
		return nil, err
	}
	y := NewTensor(append([]int{data.Len()}, n.OutputShape()...)...)
	out := exec.Value(n.outputs[0])
	var alone []float32 // one sample
	return y, n.infer(data.Len(), workers, exec.Job{
		Load: func(u *exec.Unit) error {
			x := u.Value(exec.Input(0))
			if b := x.Block(); b.Data != nil {
				return data.Fill(b, rangeOf(u.Index, data.Len()))
			}
			if alone == nil {
				alone = make([]float32, n.InputShape().Size())
			}
			err := ReadSample(alone, data, u.First)
			x.Write(alone)
			return err
		},
		AfterForward: func(u *exec.Unit) error {
			u.Value(out).Read(y.samples(u.First, u.Samples))
			return nil
		},
	})
}

// infer runs samples through the network, by an executor that is kept for the next call.
func (n *Network) infer(samples, workers int, job exec.Job) error {
	e, ok := n.executors.Get().(*exec.Executor)
	if !ok || e.Workers() != exec.NumWorkers(workers) {
		e = exec.New(n.graph(), exec.Config{Workers: workers, Outputs: n.outputValues()})
	}
	err := e.Run(samples, job)
	n.executors.Put(e)
	return err
}

// ArgMax is the index of the largest value, the first of equal ones. The class that a
// network's output stands for is Output.Class, which knows single outputs too.
func ArgMax(v []float32) int {
	best := 0
	for k := range v {
		if v[k] > v[best] {
			best = k
		}
	}
	return best
}
