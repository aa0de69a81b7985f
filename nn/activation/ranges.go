package activation

import (
	"sort"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// ForwardRange applies the function to the elements from lo on.
func (o *layerOp) ForwardRange(w op.Weights, y, x []float32, lo int) {
	for n := 0; n < len(x); {
		part, a := o.rangeAt(w, lo+n/op.Lanes, len(x)-n)
		o.act.Func.Forward(y[n:n+part], x[n:n+part], a)
		n += part
	}
}

// BackwardRange applies the derivative to the elements from lo on.
func (o *layerOp) BackwardRange(w, dw op.Weights, dx, dy, x []float32, lo int) {
	learned := o.act.Func.Arg == Learned && dw[0] != nil
	if dx == nil && !learned {
		return
	}
	for n := 0; n < len(x); {
		part, a := o.rangeAt(w, lo+n/op.Lanes, len(x)-n)
		var d, da []float32
		if dx != nil {
			d = dx[n : n+part]
		}
		if learned {
			_, da = o.rangeAt(dw, lo+n/op.Lanes, part)
		}
		o.backward(d, dy[n:n+part], x[n:n+part], a, da)
		n += part
	}
}

// rangeAt returns how many of the values from element lo on are of one run, at most limit, and
// the values of their parameter.
func (o *layerOp) rangeAt(w op.Weights, lo, limit int) (part int, a []float32) {
	if o.act.Func.Arg != Learned {
		return limit, o.fixed
	}
	r := o.runs[sort.Search(len(o.runs), func(i int) bool { return o.runs[i].Hi > lo })]
	part = min(limit, (r.Hi-lo)*op.Lanes)
	if r.Each {
		first := r.Index + lo - r.Lo
		return part, w[0][first : first+part/op.Lanes]
	}
	return part, w[0][r.Index : r.Index+1]
}

// ChannelsApart reports whether no two channels share a learned parameter.
func (o *layerOp) ChannelsApart() bool {
	return o.act.Func.Arg != Learned || o.shape[0] == 1 || len(o.param) == len(o.shape) && o.param[0] == o.shape[0]
}

// NormFunc returns the loops that normalise each channel and apply the function, if there are
// such loops and no parameter differs within a channel.
func (o *layerOp) NormFunc() kernel.NormFunc {
	if o.act.Func.Arg == Learned {
		plane := o.shape.Size() / o.shape[0]
		for _, r := range o.runs {
			if r.Each && plane > 1 || r.Lo%plane > 0 || r.Hi%plane > 0 {
				return kernel.NoNormFunc
			}
		}
	}
	if o.act.Kink == op.Keras && o.act.Func.BackwardKeras != nil {
		return o.act.Func.normKeras
	}
	return o.act.Func.norm
}

// ChannelParameter is the value of the parameter for a channel, or of its gradient; none if there
// is no parameter. It is for ops with a NormFunc.
func (o *layerOp) ChannelParameter(w op.Weights, channel int) []float32 {
	if o.act.Func.Arg == Learned && w[0] == nil {
		return nil
	}
	_, a := o.rangeAt(w, channel*(o.shape.Size()/o.shape[0]), op.Lanes)
	return a
}
