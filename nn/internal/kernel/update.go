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

// SGDRates are the constants of gradient descent with momentum.
type SGDRates struct {
	Rate, Momentum float32
	Nesterov       bool
}

// SGD updates the parameters w from their gradients g: w −= rate·g. All backends give
// the same bits, here and below.
func SGD(w, g []float32, rate float32) {
	g = g[:len(w)]
	reads(g)
	writes(w)
	active.sgd(w, g, rate)
}

// SGDPyTorch updates them with momentum μ, which the buffer b keeps:
//
//	b = μ·b + g
//	w −= rate·b, or with Nesterov rate·(g + μ·b)
func SGDPyTorch(w, g, b []float32, c SGDRates) {
	g, b = g[:len(w)], b[:len(w)]
	reads(g)
	writes(w, b)
	active.sgdPyTorch(w, g, b, c)
}

// SGDKeras likewise, with the learning rate in the velocity v:
//
//	v = μ·v − rate·g
//	w += v, or with Nesterov μ·v − rate·g
func SGDKeras(w, g, v []float32, c SGDRates) {
	g, v = g[:len(w)], v[:len(w)]
	reads(g)
	writes(w, v)
	active.sgdKeras(w, g, v, c)
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

func sgdGo(w, g []float32, rate float32) {
	g = g[:len(w)]
	for i := range w {
		w[i] -= float32(rate * g[i])
	}
}

func sgdPyTorchGo(w, g, b []float32, c SGDRates) {
	g, b = g[:len(w)], b[:len(w)]
	for i := range w {
		b[i] = float32(c.Momentum*b[i]) + g[i]
		d := b[i]
		if c.Nesterov {
			d = g[i] + float32(c.Momentum*b[i])
		}
		w[i] -= float32(c.Rate * d)
	}
}

func sgdKerasGo(w, g, v []float32, c SGDRates) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		v[i] = float32(c.Momentum*v[i]) - float32(c.Rate*g[i])
		d := v[i]
		if c.Nesterov {
			d = float32(c.Momentum*v[i]) - float32(c.Rate*g[i])
		}
		w[i] += d
	}
}
