package replay

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/train/bundle"
	"github.com/gonn-toolkit/gonn/train/data"
)

// batchOf is a recorded batch as a data set with the network's axes.
func (r *replayer) batchOf(s *bundle.Step) (nn.Dataset, error) {
	x, err := r.place.imported.InputOrder.ToNetwork(s.X)
	if err != nil {
		return nil, fmt.Errorf("x: %w", err)
	}
	in := r.net.InputShape()
	if !nn.Shape(x.Shape[1:]).Equal(in) {
		return nil, fmt.Errorf("x: samples of shape %v, the network takes %v", nn.Shape(x.Shape[1:]), in)
	}
	out := r.net.OutputShape()
	if r.classes() {
		labels, err := labelsOf(s.Y, x.Shape[0], out.Size())
		if err != nil {
			return nil, fmt.Errorf("y: %w", err)
		}
		return nn.NewTensorSamples(x, labels, out.Size())
	}
	y, err := s.Y.Tensor()
	if err != nil {
		return nil, fmt.Errorf("y: %w", err)
	}
	n := x.Shape[0]
	if nn.Shape(y.Shape).Size() != n*out.Size() {
		return nil, fmt.Errorf("y: shape %v, the network gives %v", nn.Shape(y.Shape), out.Batched())
	}
	if len(out) > 1 {
		if y, err = r.place.imported.OutputToNetwork(y); err != nil {
			return nil, fmt.Errorf("y: %w", err)
		}
	}
	return nn.NewTensorTargets(x, &nn.Tensor{Shape: append([]int{n}, out...), Data: y.Data})
}

// classes reports whether the targets of the loss are classes.
func (r *replayer) classes() bool {
	l := r.loss
	if w, ok := l.(loss.ClassWeighted); ok {
		l = w.Loss
	}
	_, ok := l.(loss.CrossEntropy)
	return ok
}

// labelsOf reads targets (N) or (N, 1) of classes, or one-hot rows (N, classes).
func labelsOf(y *data.Array, n, classes int) ([]int, error) {
	labels := make([]int, n)
	size := nn.Shape(y.Shape).Size()
	if size != n && size != n*classes || len(y.Shape) == 0 || y.Shape[0] != n {
		return nil, fmt.Errorf("shape %v for %d samples of %d classes", nn.Shape(y.Shape), n, classes)
	}
	values := y.Float64s()
	if size == n && !(classes == 1 && len(y.Shape) == 2) {
		for i, v := range values {
			if labels[i] = int(v); float64(labels[i]) != v {
				return nil, fmt.Errorf("label %v of sample %d is not a class", v, i)
			}
		}
		return labels, nil
	}
	for i := range labels {
		row := values[i*classes:][:classes]
		labels[i] = -1
		for k, v := range row {
			switch {
			case v == 1 && labels[i] < 0:
				labels[i] = k
			case v != 0:
				return nil, fmt.Errorf("the target %v of sample %d is not one-hot; gonn's cross-entropy takes classes", row, i)
			}
		}
		if labels[i] < 0 {
			return nil, fmt.Errorf("the target of sample %d names no class", i)
		}
	}
	return labels, nil
}
