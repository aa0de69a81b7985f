package layer

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Dropout drops each value of a sample with probability Rate in training and scales up
// those that stay (Srivastava et al. 2014):
//
//	y = x/(1 − Rate) or 0        dx = dy/(1 − Rate) or 0
//
// In inference everything passes. What is dropped depends on the seed of the training, the
// number of the step, the layer, the sample's place in the batch and the value's place in
// the sample: on nothing else, so that it is the same for any number of workers and after a
// resume. PyTorch's and Keras's Dropout are the same function, but drop other values.
//
// ONNX: Dropout with its ratio, as in inference.
type Dropout struct {
	Rate float32 // from 0 to below 1
}

func (Dropout) Kind() string { return "Dropout" }
func (Dropout) Stem() string { return "dropout" }

func (d Dropout) Bind(in []op.Shape) (op.Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	if !(d.Rate >= 0 && d.Rate < 1) {
		return nil, fmt.Errorf("rate is %g, need a number from 0 to below 1", d.Rate)
	}
	return dropoutOp{d.Rate, in[0], op.Whole}, nil
}

type dropoutOp struct {
	rate     float32
	shape    op.Shape
	op.Share // of the lanes
}

func (o dropoutOp) Shape() op.Shape        { return o.shape }
func (o dropoutOp) Params() []op.ParamSpec { return nil }
func (o dropoutOp) MACs() int              { return 0 }
func (o dropoutOp) InPlace() bool          { return true }

// View: in inference everything passes.
func (o dropoutOp) View(training bool) bool { return !training }

func (o dropoutOp) Split(i, n int) op.Op { return dropoutOp{o.rate, o.shape, op.Share{I: i, N: n}} }

// Planar: likewise.
func (o dropoutOp) Planar([]op.Planes) ([]op.PlanarStep, bool) { return nil, true }

func (o dropoutOp) Forward(c *op.Call) { o.drop(c.Training, c.Y, c.X[0]) }

func (o dropoutOp) BackwardReads() (x, y bool) { return false, false }

func (o dropoutOp) Backward(c *op.Call) {
	if c.DX[0].Data != nil {
		o.drop(c.Training, c.DX[0], c.DY)
	}
}

// drop writes to = from, in training scaled or dropped. Each number of the generator decides
// about two values, by 32 bits each.
func (o dropoutOp) drop(t *op.Training, y, x op.Block) {
	if t == nil {
		move(y, x, o.Share)
		return
	}
	to, from := y.Data, x.Data
	scale := 1 / (1 - o.rate)
	least := uint64(float64(o.rate) * (1 << 32)) // below it a value is dropped
	for lane, end := o.Of(op.Lanes); lane < end; lane++ {
		place := uint64(t.First + lane)
		key := op.Mix(t.Key+place) + place%op.Lanes
		for i := lane; i < len(from); i += 2 * op.Lanes {
			bits := op.Mix(key + uint64(i-lane))
			to[i] = kept(from[i], scale, bits>>32 >= least)
			if next := i + op.Lanes; next < len(from) {
				to[next] = kept(from[next], scale, bits&(1<<32-1) >= least)
			}
		}
	}
}

func kept(v, scale float32, keep bool) float32 {
	if keep {
		return v * scale
	}
	return 0
}
