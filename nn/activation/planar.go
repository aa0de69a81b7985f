package activation

import "github.com/gonn-toolkit/gonn/nn/op"

func (o *layerOp) Elementwise() (f func(y, x, a []float32), values int) {
	f = o.act.Func.Forward
	switch n := o.param.Size(); {
	case o.act.Func.Arg != Learned:
		return f, len(o.fixed)
	case n == 1:
		return f, 1
	case len(o.shape) == 3 && len(o.param) == 3 && o.param[0] == n:
		return f, n
	}
	return f, -1
}

func (o *layerOp) IsReLU() bool { return o.act.Func == ReLU }

func (o *layerOp) Parameter(w op.Weights) []float32 {
	if o.act.Func.Arg == Learned {
		return w[0]
	}
	return o.fixed
}

// Planar runs over whole planes, with what lies between them. A learned parameter that is
// neither one for all nor one for each channel is laid out like the input.
func (o *layerOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	maps := in[0]
	f, values := o.Elementwise()
	step := op.PlanarStep{To: maps, InPlace: true, Run: func(s op.Share, w op.Weights, x [][]float32, y []float32) {
		first, end := maps.Share(s)
		lo, hi := first*maps.Plane, end*maps.Plane
		from, to := x[0][lo:hi], y[lo:hi]
		switch {
		case values < 0:
			f(to, from, w[0][lo:hi])
		case values <= 1:
			f(to, from, o.Parameter(w))
		default:
			for c := range end - first {
				lo, hi := c*maps.Plane, (c+1)*maps.Plane
				f(to[lo:hi], from[lo:hi], w[0][first+c:first+c+1])
			}
		}
	}}
	if values < 0 {
		step.Prepare = op.Preparation{Floats: maps.Size(), Compute: func(w op.Weights, to []float32) { o.spread(to, w[0], maps) }}
	}
	return []op.PlanarStep{step}, true
}

// spread lays the learned parameter out like the maps.
func (o *layerOp) spread(dst, param []float32, maps op.Planes) {
	size := maps.H * maps.W
	for _, r := range o.runs {
		values := r.Of(param)
		for i := r.Lo; i < r.Hi; i++ {
			dst[i/size*maps.Plane+i%size] = values[min(i-r.Lo, len(values)-1)]
		}
	}
}
