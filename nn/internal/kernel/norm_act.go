package kernel

// normAct are the loops of a normalisation and an activation, over whole pixels of a channel:
// z = (x − n.Mean)·n.Scale + n.Shift, y = f(z; n.Slope) and dz = dy·f'(z).
type normAct struct {
	forward func(y, x []float32, n NormAct, to rows) // y has the rows
	// Of each lane, for at most normChunk values: Σ dz and Σ dz·(x − mean).
	sums func(dy, x []float32, n NormAct) (sum, product [Lanes]float32)
	// dx = r.Scale·dz + r.Slope·(x − n.Mean) + r.Shift, and for at most normChunk values, Σ
	// dy·∂f/∂slope of each lane.
	grad func(dx, dy, x []float32, n NormAct, r NormRates) [Lanes]float32
}

// NormAct are the numbers of a normalisation of a channel, and the parameter of the activation
// of its output.
type NormAct struct{ Mean, Scale, Shift, Slope float32 }

// NormFunc is an activation with loops that normalise as well.
type NormFunc int

const (
	NoNormFunc    NormFunc = iota
	NormRelu               // as ReluForward, ReluBackward
	NormSlope              // as SlopeForward, SlopeBackward
	NormSlopeFlat          // as SlopeForward, SlopeFlatBackward
)

func (f NormFunc) loops() *normAct {
	switch f {
	case NormRelu:
		return &active.normRelu
	case NormSlope:
		return &active.normSlope
	}
	return &active.normFlat
}

// Forward writes y = f(z), z = (x − n.Mean)·n.Scale + n.Shift; y may be x.
func (f NormFunc) Forward(y, x []float32, n NormAct) {
	y = y[:len(x)]
	reads(x)
	writes(y)
	f.loops().forward(y, x, n, rows{})
}

// Sums gives Σ dz and Σ dz·(x − n.Mean), where dz = dy·f'(z).
func (f NormFunc) Sums(dy, x []float32, n NormAct) (total, product float64) {
	x = x[:len(dy)]
	reads(dy, x)
	for len(dy) > 0 {
		k := min(normChunk, len(dy))
		s, p := f.loops().sums(dy[:k], x[:k], n)
		total += addLanes(s, Lanes)
		product += addLanes(p, Lanes)
		dy, x = dy[k:], x[k:]
	}
	return total, product
}

// Backward writes dx = r.Scale·dz + r.Slope·(x − n.Mean) + r.Shift, and gives the gradient of
// n.Slope. dx may be dy.
func (f NormFunc) Backward(dx, dy, x []float32, n NormAct, r NormRates) (slope float64) {
	dx, x = dx[:len(dy)], x[:len(dy)]
	reads(dy, x)
	writes(dx)
	for len(dy) > 0 {
		k := min(normChunk, len(dy))
		slope += addLanes(f.loops().grad(dx[:k], dy[:k], x[:k], n, r), Lanes)
		dx, dy, x = dx[k:], dy[k:], x[k:]
	}
	return slope
}
