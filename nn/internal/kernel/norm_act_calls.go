package kernel

// normActBy makes loops of kernels.
func normActBy(forward, sums, grad func(*normArgs)) normAct {
	return normAct{
		forward: func(y, x []float32, n NormAct, to rows) {
			c := newNormCall(n.Mean, n.Scale, n.Shift, n.Slope)
			defer normPool.Put(c)
			c.runRows(forward, y, x, to)
		},
		sums: func(dy, x []float32, n NormAct) (sum, product [Lanes]float32) {
			c := newNormCall(n.Mean, n.Scale, n.Shift, n.Slope)
			defer normPool.Put(c)
			c.run(sums, nil, dy, x)
			return c.sums[0], c.sums[1]
		},
		grad: func(dx, dy, x []float32, n NormAct, r NormRates) [Lanes]float32 {
			c := newNormCall(n.Mean, n.Scale, n.Shift, n.Slope, r.Scale, r.Slope, r.Shift)
			defer normPool.Put(c)
			c.sums[0] = [Lanes]float32{} // for a kernel that has no sums
			c.run(grad, dx, dy, x)
			return c.sums[0]
		},
	}
}
