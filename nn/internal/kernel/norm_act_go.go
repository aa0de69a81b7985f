package kernel

import "sync"

var (
	normReluGo  = normActGo(act{reluForwardGo, func(dx, dy, x, a, _ []float32) { reluBackwardGo(dx, dy, x, a) }}, false)
	normSlopeGo = normActGo(act{slopeForwardGo, slopeBackwardGo}, true)
	normFlatGo  = normActGo(act{slopeForwardGo, slopeFlatBackwardGo}, true)
)

// normActScratch is what a call needs, reused because what goes through a function variable
// escapes.
type normActScratch struct {
	z, dz     [normChunk]float32
	slope, da [1]float32
}

var normActPool = sync.Pool{New: func() any { return new(normActScratch) }}

// normActGo makes loops of those of an activation. Its parameter has a gradient if learned is
// set.
func normActGo(f act, learned bool) normAct {
	return normAct{
		forward: func(y, x []float32, n NormAct, to rows) {
			s := normActPool.Get().(*normActScratch)
			defer normActPool.Put(s)
			s.slope[0] = n.Slope
			to.each(len(x), func(i, at, count int) {
				y := y[at : at+count]
				affineGo(y, x[i:i+count], n.Mean, n.Scale, n.Shift)
				f.forward(y, y, s.slope[:])
			})
		},
		sums: func(dy, x []float32, n NormAct) (sum, product [Lanes]float32) {
			s := normActPool.Get().(*normActScratch)
			defer normActPool.Put(s)
			z, dz := s.z[:len(dy)], s.dz[:len(dy)]
			affineGo(z, x[:len(dy)], n.Mean, n.Scale, n.Shift)
			s.slope[0] = n.Slope
			f.backward(dz, dy, z, s.slope[:], nil)
			return laneProductsGo(dz, x, n.Mean)
		},
		grad: func(dx, dy, x []float32, n NormAct, r NormRates) (sum [Lanes]float32) {
			s := normActPool.Get().(*normActScratch)
			defer normActPool.Put(s)
			z, da := s.z[:len(dy)], s.da[:]
			if da[0] = 0; !learned {
				da = nil
			}
			affineGo(z, x[:len(dy)], n.Mean, n.Scale, n.Shift)
			s.slope[0] = n.Slope
			f.backward(dx, dy, z, s.slope[:], da)
			normGradGo(dx, dx[:len(dy)], x, r)
			sum[0] = s.da[0]
			return sum
		},
	}
}
