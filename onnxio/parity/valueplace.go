package parity

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
)

// recordedValue is what was recorded for a value of a file.
type recordedValue struct {
	name string // in the recording
	x    *nn.Tensor
}

// place finds the file's values of recorded tensors, by their own names or those of the modules that
// give them. outputs are those of the file's.
func (v *valueWalk) place(r *Recorded, outputs map[string]*nn.Tensor) {
	v.recorded, v.unplaced = map[string]recordedValue{}, []Unplaced{}
	isValue := map[string]bool{}
	for _, n := range v.model.Graph.Nodes {
		for _, out := range n.Outputs {
			isValue[out] = true
		}
	}
	calls := callsOf(onnxio.ModuleValuesOf(v.model), r.Expected, func(name string) bool { return isValue[name] && outputs[name] == nil })
	leave := func(name, why string) {
		v.unplaced = append(v.unplaced, Unplaced{Name: name, Shape: r.Expected[name].Shape, Why: why, value: r.Expected[name]})
	}
	for _, name := range inOrder(r.Expected, r.Order) {
		value, vague, ok := calls.value(name)
		switch {
		case name == "" || outputs[name] != nil:
			continue
		case isValue[name] && !(ok && calls.first):
			value = name
		case !ok:
			leave(name, "no value of the file and no module has this name")
			continue
		case vague != "":
			leave(name, vague)
			continue
		}
		first, taken := v.recorded[value]
		switch {
		case !taken:
			v.recorded[value] = recordedValue{name, r.Expected[name]}
		case !sameData(first.x, r.Expected[name]):
			leave(name, "the file's value "+value+" has \""+first.name+"\" already")
		}
	}
	for name, x := range outputs {
		if _, taken := v.recorded[name]; !taken {
			v.recorded[name] = recordedValue{name, x}
		}
	}
}

// as gives the tensor with the axes of the file's value: as it was recorded, or with the channels
// moved to the other end where the shape, or the numbers, say so; nil if it has another shape.
func (r recordedValue) as(got *nn.Tensor, t Tolerance) *nn.Tensor {
	var all []*nn.Tensor
	for _, order := range []onnxio.AxisOrder{nil, {0, 2, 3, 1}, {0, 3, 1, 2}} {
		if order != nil && len(r.x.Shape) != len(order) {
			continue
		}
		if x, err := order.ToNetwork(r.x); err == nil && nn.Shape(x.Shape).Equal(got.Shape) {
			all = append(all, x)
		}
	}
	for _, x := range all {
		if t.Share(got, x) <= 1 {
			return x
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[0]
}
