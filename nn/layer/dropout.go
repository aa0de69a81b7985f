package layer

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Dropout sets each value to zero with probability Rate in training, and scales up the others
// (Srivastava et al. 2014). In inference it is the identity.
//
//	y = x/(1 − Rate) or 0        dx = dy/(1 − Rate) or 0
//
// Which values are dropped depends only on the seed of the training, the step, the layer, the
// index of the sample in the batch and of the value in the sample. So it is the same for any
// number of workers and after a resume.
//
// ONNX: Dropout with its ratio, in inference mode.
//
// PyTorch and Keras compute the same function, but drop other values.
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

// View is true in inference.
func (o dropoutOp) View(training bool) bool { return !training }

func (o dropoutOp) Split(i, n int) op.Op { return dropoutOp{o.rate, o.shape, op.Share{I: i, N: n}} }

func (o dropoutOp) ReadsPacked() (border int, ok bool) { return 0, true }

// Planar has no steps: it runs in inference only.
func (o dropoutOp) Planar([]op.Planes, int) ([]op.PlanarStep, bool) { return nil, true }

func (o dropoutOp) Forward(c *op.Call) { o.drop(c.Training, c.Y, c.X[0]) }

func (o dropoutOp) BackwardReads() (x, y bool) { return false, false }

func (o dropoutOp) Backward(c *op.Call) {
	if c.DX[0].Data != nil {
		o.drop(c.Training, c.DX[0], c.DY)
	}
}

// drop copies x to y, in training scaled or dropped. Each random number decides for two values,
// with 32 bits each.
func (o dropoutOp) drop(t *op.Training, y, x op.Block) {
	if t == nil {
		move(y, x, o.Share)
		return
	}
	to, from := y.Data, x.Data
	scale := 1 / (1 - o.rate)
	least := uint64(float64(o.rate) * (1 << 32)) // values are dropped if their bits are below
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
