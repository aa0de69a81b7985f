package nn

import "fmt"

// Dropout drops each value of a sample with probability Rate in training and makes up
// for it in those that stay (Srivastava et al. 2014):
//
//	y = x/(1 − Rate) or 0        dx = dy/(1 − Rate) or 0
//
// A network that answers lets everything pass. What is dropped follows from the seed of
// the training, the number of the step, the layer, the sample's place in the batch and
// the value's place in the sample: from nothing else, so that it is the same for any
// number of workers and after a resume. PyTorch's and Keras's Dropout are the same
// function; which values they drop differs, of course.
//
// ONNX: Dropout with its ratio, as in inference.
type Dropout struct {
	Rate float32 // from 0 to below 1
}

func (Dropout) Kind() string { return "Dropout" }
func (Dropout) Stem() string { return "dropout" }

func (d Dropout) Bind(in []Shape) (Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	if !(d.Rate >= 0 && d.Rate < 1) {
		return nil, fmt.Errorf("rate is %g, need a number from 0 to below 1", d.Rate)
	}
	return dropoutOp{d.Rate, in[0]}, nil
}

type dropoutOp struct {
	rate  float32
	shape Shape
}

func (o dropoutOp) Shape() Shape        { return o.shape }
func (o dropoutOp) Params() []ParamSpec { return nil }
func (o dropoutOp) MACs() int           { return 0 }
func (o dropoutOp) InPlace() bool       { return true }

func (o dropoutOp) Forward(_ Weights, x []Block, y Block) { move(y, x[0]) }

func (o dropoutOp) Backward(_, _ Weights, _ []Block, _, dy Block, dx []Block) {
	if dx[0].Data != nil {
		move(dx[0], dy)
	}
}

func (o dropoutOp) ForwardTraining(t *Training, _ Weights, x []Block, y Block) {
	o.drop(t, y.Data, x[0].Data)
}

func (o dropoutOp) BackwardTraining(t *Training, _, _ Weights, _ []Block, _, dy Block, dx []Block) {
	if dx[0].Data != nil {
		o.drop(t, dx[0].Data, dy.Data)
	}
}

// drop writes to = from, scaled or dropped. Each number of the generator decides about
// two values, by 32 bits each.
func (o dropoutOp) drop(t *Training, to, from []float32) {
	scale := 1 / (1 - o.rate)
	least := uint64(float64(o.rate) * (1 << 32)) // below it a value is dropped
	for lane := range Lanes {
		key := mix(t.Key + uint64(t.First+lane))
		for i := lane; i < len(from); i += 2 * Lanes {
			bits := mix(key + uint64(i))
			to[i] = kept(from[i], scale, bits>>32 >= least)
			if next := i + Lanes; next < len(from) {
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
