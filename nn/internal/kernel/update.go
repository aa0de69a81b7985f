package kernel

import "math"

// Add: y[i] += x[i].
func Add(y, x []float32) {
	x = x[:len(y)]
	reads(x)
	writes(y)
	active.add(y, x)
}

// AdamRates are the constants of one step of Adam. OneMinus are 1 − β₁ and 1 − β₂.
type AdamRates struct{ OneMinus1, OneMinus2, Rate, Scale, Eps float32 }

// Adam updates the parameters w from their gradients g and the moments m and v:
//
//	m += (g − m)·(1 − β₁)
//	v += (g² − v)·(1 − β₂)
//	w −= rate·m/(√v/scale + ε)
//
// All backends give the same bits.
func Adam(w, g, m, v []float32, c AdamRates) {
	g, m, v = g[:len(w)], m[:len(w)], v[:len(w)]
	reads(g)
	writes(w, m, v)
	active.adam(w, g, m, v, c)
}

func addGo(y, x []float32) {
	x = x[:len(y)]
	for i := range y {
		y[i] += x[i]
	}
}

func adamGo(w, g, m, v []float32, c AdamRates) {
	g, m, v = g[:len(w)], m[:len(w)], v[:len(w)]
	for i := range w {
		m[i] += float32((g[i] - m[i]) * c.OneMinus1)
		v[i] += float32((float32(g[i]*g[i]) - v[i]) * c.OneMinus2)
		root := float32(math.Sqrt(float64(v[i])))
		w[i] -= float32(c.Rate*m[i]) / (root/c.Scale + c.Eps)
	}
}
