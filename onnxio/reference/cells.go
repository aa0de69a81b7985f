package reference

import (
	"fmt"
	"math"
)

// gateSum is the product of a gate's rows of a matrix with v, plus its bias.
func gateSum(m, bias []float64, gate, hidden int, v []float64) []float64 {
	out := make([]float64, hidden)
	for i := range out {
		row := gate*hidden + i
		out[i] = bias[row]
		for j, x := range v {
			out[i] += m[row*len(v)+j] * x
		}
	}
	return out
}

// both is what input and state send to a gate.
func (d *direction) both(gate int, x, h []float64) []float64 {
	z := gateSum(d.w, d.wb, gate, len(h), x)
	addScaled(z, 1, gateSum(d.r, d.rb, gate, len(h), h), 1)
	return z
}

// rnnCell: h = f(W·x + R·h + biases).
func rnnCell(d *direction, x, h, _ []float64) {
	for i, z := range d.both(0, x, h) {
		h[i] = d.acts[0](z)
	}
}

// gruCell has the gates z (how much stays), r (reset) and the new state n:
// h = (1 − z)·n + z·h.
func gruCell(d *direction, x, h, _ []float64) {
	z, r := d.both(0, x, h), d.both(1, x, h)
	for i := range h {
		z[i], r[i] = d.acts[0](z[i]), d.acts[0](r[i])
	}
	n := gateSum(d.w, d.wb, 2, len(h), x)
	if d.linear { // r·(R·h + bias)
		for i, v := range gateSum(d.r, d.rb, 2, len(h), h) {
			n[i] += r[i] * v
		}
	} else { // R·(r·h) + bias
		for i := range r {
			r[i] *= h[i]
		}
		addScaled(n, 1, gateSum(d.r, d.rb, 2, len(h), r), 1)
	}
	for i := range h {
		h[i] = (1-z[i])*d.acts[1](n[i]) + z[i]*h[i]
	}
}

// lstmCell has the gates i (input), o (output), f (forget) and the new cell n, with
// peepholes to the cell: c = f·c + i·n, h = o·tanh(c).
func lstmCell(d *direction, x, h, c []float64) {
	n := len(h)
	in, out, forget, cell := d.both(0, x, h), d.both(1, x, h), d.both(2, x, h), d.both(3, x, h)
	for k := range h {
		i := d.acts[0](in[k] + d.peephole[k]*c[k])
		f := d.acts[0](forget[k] + d.peephole[2*n+k]*c[k])
		if d.coupled {
			f = 1 - i
		}
		c[k] = f*c[k] + i*d.acts[1](cell[k])
		h[k] = d.acts[0](out[k]+d.peephole[n+k]*c[k]) * d.acts[2](c[k])
	}
}

// cellFunctions are the activation functions of each direction. What comes into them is
// first cut to ±clip.
func (c *call) cellFunctions(gates, directions int) ([]func(float64) float64, error) {
	names := map[int][]string{1: {"Tanh"}, 3: {"Sigmoid", "Tanh"}, 4: {"Sigmoid", "Tanh", "Tanh"}}[gates]
	count := len(names)
	if given := c.texts("activations"); given != nil {
		names = given
	} else if directions == 2 {
		names = append(names, names...)
	}
	if gates == 1 && len(names) == 2 { // RNN's default names two for any direction
		names = names[:directions]
	}
	if len(names) != count*directions {
		return nil, fmt.Errorf("attribute \"activations\" has %d functions, it must have %d", len(names), count*directions)
	}
	alphas, betas := c.fractions("activation_alpha"), c.fractions("activation_beta")
	clip := math.Inf(1)
	if c.has("clip") {
		if clip = c.float("clip", 0); !(clip > 0) {
			return nil, fmt.Errorf("attribute \"clip\" is %g, it must be above 0", clip)
		}
	}
	var list []func(float64) float64
	for _, name := range names {
		f, err := cellFunction(name, &alphas, &betas)
		if err != nil {
			return nil, err
		}
		list = append(list, func(x float64) float64 { return f(math.Max(-clip, math.Min(x, clip))) })
	}
	return list, nil
}

// cellFunction makes an activation function. It takes its parameters, if it has any, from
// the front of the lists.
func cellFunction(name string, alphas, betas *[]float64) (func(float64) float64, error) {
	next := func(list *[]float64, def float64) float64 {
		if len(*list) == 0 {
			return def
		}
		v := (*list)[0]
		*list = (*list)[1:]
		return v
	}
	switch name {
	case "Relu":
		return func(x float64) float64 { return math.Max(0, x) }, nil
	case "Tanh":
		return math.Tanh, nil
	case "Sigmoid":
		return sigmoid, nil
	case "Softsign":
		return softsign, nil
	case "Softplus":
		return softplus, nil
	case "LeakyRelu":
		return leakyRelu(next(alphas, 0.01)), nil
	case "ThresholdedRelu":
		return thresholdedRelu(next(alphas, 1)), nil
	case "Elu":
		return elu(next(alphas, 1)), nil
	case "Affine":
		a, b := next(alphas, 1), next(betas, 0)
		return func(x float64) float64 { return a*x + b }, nil
	case "ScaledTanh":
		a, b := next(alphas, 1), next(betas, 1)
		return func(x float64) float64 { return a * math.Tanh(b*x) }, nil
	case "HardSigmoid":
		return hardSigmoid(next(alphas, 0.2), next(betas, 0.5)), nil
	}
	return nil, fmt.Errorf("activation function %q is not known", name)
}
