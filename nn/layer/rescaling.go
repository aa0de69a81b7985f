package layer

import (
	"errors"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Rescaling multiplies by constants and adds constants:
//
//	y = scale·x + offset        dx = scale·dy
//
// It is for the preprocessing of pixels and for frozen normalisations. The parameters are scale,
// initially 1, and offset, initially 0. Their role is op.Constant: training, initialisers and
// optimizers do not change them. For trained ones use BatchNorm.
//
// Shapes: any, unchanged.
//
// ONNX: Mul by the initializer name.scale, Add of name.offset, without those that the layer does
// not have.
//
// Keras: Rescaling, Normalization, and a BatchNormalization that is not trainable. PyTorch:
// arithmetic with numbers or buffers, torchvision's Normalize and FrozenBatchNorm2d.
type Rescaling struct {
	// Scale and Offset say which elements share a constant.
	Scale, Offset     activation.Sharing
	NoScale, NoOffset bool // it only adds, or only multiplies
}

func (Rescaling) Kind() string { return "Rescaling" }
func (Rescaling) Stem() string { return "rescaling" }

func (r Rescaling) Bind(in []op.Shape) (op.Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	if r.NoScale && r.NoOffset {
		return nil, errors.New("it has neither a scale nor an offset")
	}
	o := &rescalingOp{shape: in[0], scale: -1, offset: -1, Share: op.Whole}
	whole := []activation.Run{{Hi: in[0].Size()}}
	scales, offsets := whole, whole
	var err error
	if !r.NoScale {
		if scales, err = o.add("scale", r.Scale, 1); err != nil {
			return nil, err
		}
		o.scale = 0
	}
	if !r.NoOffset {
		if offsets, err = o.add("offset", r.Offset, 0); err != nil {
			return nil, err
		}
		o.offset = len(o.params) - 1
	}
	o.parts = overlaps(scales, offsets)
	return o, nil
}

// Factors calls f for ranges lo…hi−1 of the elements of a sample of shape x, with their scale and
// offset in the parameters w.
func (r Rescaling) Factors(x op.Shape, w op.Weights, f func(lo, hi int, scale, offset float32)) error {
	o, err := r.Bind([]op.Shape{x})
	if err != nil {
		return err
	}
	o.(*rescalingOp).ranges(w, f)
	return nil
}

type rescalingOp struct {
	shape         op.Shape
	params        []op.ParamSpec
	scale, offset int            // indices of the parameters, −1 for none
	parts         []rescaledPart // of the elements, in order
	op.Share                     // of the elements
}

// rescaledPart is a range lo…hi−1 of elements with one scale and one offset.
type rescaledPart struct {
	lo, hi        int
	scale, offset activation.Run
}

// add adds a parameter with the given sharing, and returns its runs.
func (o *rescalingOp) add(name string, s activation.Sharing, start float32) ([]activation.Run, error) {
	runs, shape, err := s.Runs(o.shape)
	o.params = append(o.params, op.ParamSpec{Name: name, Shape: shape, Role: op.Constant, FanIn: 1, FanOut: 1, Start: &start})
	return runs, err
}

// overlaps divides all elements where a run of either list ends.
func overlaps(scales, offsets []activation.Run) (parts []rescaledPart) {
	for lo, i, j := 0, 0, 0; i < len(scales) && j < len(offsets); {
		s, t := scales[i], offsets[j]
		hi := min(s.Hi, t.Hi)
		parts = append(parts, rescaledPart{lo, hi, s, t})
		if lo = hi; s.Hi == hi {
			i++
		}
		if t.Hi == hi {
			j++
		}
	}
	return parts
}

func (o *rescalingOp) Shape() op.Shape        { return o.shape }
func (o *rescalingOp) Params() []op.ParamSpec { return o.params }
func (o *rescalingOp) MACs() int              { return 0 }
func (o *rescalingOp) InPlace() bool          { return true }

func (o *rescalingOp) Split(i, n int) op.Op {
	part := *o
	part.Share = op.Share{I: i, N: n}
	return &part
}

// ranges calls f for ranges of elements, with their scale and offset.
func (o *rescalingOp) ranges(w op.Weights, f func(lo, hi int, scale, offset float32)) {
	first, end := o.Of(o.shape.Size())
	for _, p := range o.parts {
		each := o.scale >= 0 && p.scale.Each || o.offset >= 0 && p.offset.Each
		lo, hi := max(p.lo, first), min(p.hi, end)
		step := hi - lo
		if each {
			step = 1
		}
		for i := lo; i < hi; i += step {
			scale, offset := float32(1), float32(0)
			if o.scale >= 0 {
				scale = p.scale.At(w[o.scale], i)
			}
			if o.offset >= 0 {
				offset = p.offset.At(w[o.offset], i)
			}
			f(i, i+step, scale, offset)
		}
	}
}
