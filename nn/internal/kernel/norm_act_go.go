package kernel

var (
	normReluGo  = normActGo(act{reluForwardGo, func(dx, dy, x, a, _ []float32) { reluBackwardGo(dx, dy, x, a) }}, false)
	normSlopeGo = normActGo(act{slopeForwardGo, slopeBackwardGo}, true)
	normFlatGo  = normActGo(act{slopeForwardGo, slopeFlatBackwardGo}, true)
)

// normActGo makes loops of those of an activation. Its parameter has a gradient if learned is
// set.
func normActGo(f act, learned bool) normAct {
	return normAct{
		forward: func(y, x []float32, n NormAct) {
			affineGo(y, x, n.Mean, n.Scale, n.Shift)
			f.forward(y[:len(x)], y[:len(x)], []float32{n.Slope})
		},
		sums: func(dy, x []float32, n NormAct) (sum, product [Lanes]float32) {
			var z, dz [normChunk]float32
			affineGo(z[:], x[:len(dy)], n.Mean, n.Scale, n.Shift)
			f.backward(dz[:len(dy)], dy, z[:len(dy)], []float32{n.Slope}, nil)
			return laneProductsGo(dz[:len(dy)], x, n.Mean)
		},
		grad: func(dx, dy, x []float32, n NormAct, r NormRates) (sum [Lanes]float32) {
			var z [normChunk]float32
			da := sum[:1]
			if !learned {
				da = nil
			}
			affineGo(z[:], x[:len(dy)], n.Mean, n.Scale, n.Shift)
			f.backward(dx, dy, z[:len(dy)], []float32{n.Slope}, da)
			normGradGo(dx, dx[:len(dy)], x, r)
			return sum
		},
	}
}
