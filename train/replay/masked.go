package replay

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// masked is a Dropout that multiplies by recorded masks in training.
type masked struct{ mask *mask }

// mask is the mask of the batch, sample by sample in the network's layout; nil for none.
type mask struct{ values []float32 }

func (masked) Kind() string { return "Dropout" }
func (masked) Stem() string { return "dropout" }

func (m masked) Bind(in []op.Shape) (op.Op, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("got %d inputs, need one", len(in))
	}
	return maskedOp{m.mask, in[0]}, nil
}

type maskedOp struct {
	mask  *mask
	shape op.Shape
}

func (o maskedOp) Shape() op.Shape            { return o.shape }
func (o maskedOp) Params() []op.ParamSpec     { return nil }
func (o maskedOp) MACs() int                  { return 0 }
func (o maskedOp) BackwardReads() (x, y bool) { return false, false }
func (o maskedOp) Forward(c *op.Call)         { o.times(c.Training, c.Y, c.X[0]) }
func (o maskedOp) Backward(c *op.Call) {
	if c.DX[0].Data != nil {
		o.times(c.Training, c.DX[0], c.DY)
	}
}

// times writes x, in training times the mask, to y.
func (o maskedOp) times(t *op.Training, y, x op.Block) {
	copy(y.Data, x.Data)
	if t == nil || o.mask.values == nil {
		return
	}
	size := o.shape.Size()
	for lane := range min(t.Samples, len(o.mask.values)/size-t.First) {
		m := o.mask.values[(t.First+lane)*size:][:size]
		for i, v := range m {
			y.Data[i*op.Lanes+lane] *= v
		}
	}
}

// setMasks gives the masked layers the masks of a step.
func (r *replayer) setMasks(recorded map[string]*nn.Tensor, batch int) error {
	for name, m := range r.masks {
		m.values = nil
		from := recorded[r.place.dropouts[name]]
		if from == nil {
			continue
		}
		if from.Shape[0] != batch {
			return fmt.Errorf("the mask %s has %d samples, the batch %d", r.place.dropouts[name], from.Shape[0], batch)
		}
		order, err := r.elementOrder(name, from)
		if err != nil {
			return fmt.Errorf("the mask %s: %w", r.place.dropouts[name], err)
		}
		size := len(order)
		m.values = make([]float32, len(from.Data))
		for n := range batch {
			for i, at := range order {
				m.values[n*size+i] = from.Data[n*size+at]
			}
		}
	}
	return nil
}

// elementOrder says which element of a recorded sample each element of a layer's output is. Maps
// have their axes in the order of the input's; the elements of a vector are as the Dense layer
// behind it has its columns, or the one in front its rows.
func (r *replayer) elementOrder(layer string, recorded *nn.Tensor) ([]int, error) {
	node := r.net.Node(layer)
	if nn.Shape(recorded.Shape[1:]).Size() != node.Shape.Size() {
		return nil, fmt.Errorf("it has samples of shape %v, the layer %v", nn.Shape(recorded.Shape[1:]), node.Shape)
	}
	if len(node.Shape) > 1 {
		return r.axesOrder(recorded.Shape[1:], node.Shape)
	}
	if order := r.columnsBehind(layer); order != nil {
		return order, nil
	}
	if order := r.rowsBefore(node); order != nil {
		return order, nil
	}
	if r.place.imported.InputOrder == nil {
		return identity(node.Shape.Size()), nil
	}
	return nil, errors.New("it stands between layers that do not show how its elements are ordered; set its rate to 0")
}

func identity(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// axesOrder is the order of elements of a map (H, W, C) or (C, H, W).
func (r *replayer) axesOrder(from []int, to nn.Shape) ([]int, error) {
	if r.place.imported.InputOrder == nil && to.Equal(from) {
		return identity(to.Size()), nil
	}
	index := nn.NewTensor(append([]int{1}, from...)...)
	for i := range index.Data {
		index.Data[i] = float32(i)
	}
	moved, err := r.place.imported.InputOrder.ToNetwork(index)
	if err != nil || !to.Equal(moved.Shape[1:]) {
		return nil, fmt.Errorf("its samples of shape %v do not become %v as the input's axes do", nn.Shape(from), to)
	}
	order := make([]int, len(moved.Data))
	for i, v := range moved.Data {
		order[i] = int(v)
	}
	return order, nil
}

// columnsBehind follows layers that keep elements in their places to a Dense and reads the order
// off its weight; nil if there is none.
func (r *replayer) columnsBehind(layer string) []int {
	for name := layer; ; {
		var next *nn.Node
		for _, n := range r.net.Nodes() {
			if len(n.Inputs) == 1 && n.Inputs[0] == name {
				next = n
			}
		}
		if next == nil {
			return nil
		}
		if next.Layer.Kind() == "Dense" {
			s := r.place.params[next.Params[0].FullName()]
			if s == nil {
				return nil
			}
			return r.denseColumns(s, next.Params[0])
		}
		if !next.Shape.Equal(r.net.Node(layer).Shape) {
			return nil
		}
		name = next.Name
	}
}

// denseColumns reads which recorded input each column of a Dense weight (Out, In) takes.
func (r *replayer) denseColumns(s *source, p *nn.Param) []int {
	out, in := p.Shape[0], p.Shape[1]
	shape := r.shapes[s.name]
	if len(shape) != 2 {
		return nil
	}
	order := make([]int, in)
	for i := range order {
		at := int(s.at[i]) // of output 0
		if r.bundle.FrameworkSemantics() == nn.Keras && shape[0] == in && shape[1] == out {
			order[i] = at / out // (In, Out)
		} else {
			order[i] = at % in
		}
	}
	return order
}

// rowsBefore follows layers that keep elements in their places back to a Dense, whose outputs are
// in the recorded order.
func (r *replayer) rowsBefore(node *nn.Node) []int {
	for n := r.net.Node(node.Inputs[0]); n != nil && len(n.Inputs) == 1; n = r.net.Node(n.Inputs[0]) {
		if n.Layer.Kind() == "Dense" {
			return identity(node.Shape.Size())
		}
		if !n.Shape.Equal(node.Shape) {
			return nil
		}
	}
	return nil
}
