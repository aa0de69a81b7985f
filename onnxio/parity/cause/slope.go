package cause

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
)

// asActivation is the layer of a node if it is an activation.
func asActivation(node *nn.Node) (activation.Layer, bool) {
	if node == nil {
		return activation.Layer{}, false
	}
	a, ok := node.Layer.(activation.Layer)
	return a, ok && a.Func != nil
}

// argument is the name of an activation's parameter, "slope" or "β", and its values, which may be
// a fixed one; nil if it has none.
func (p *place) argument() (activation.Layer, string, []float32) {
	a, ok := asActivation(p.node)
	if !ok {
		return a, "", nil
	}
	name := a.Func.Param
	switch a.Func {
	case activation.Leaky, activation.PReLU:
		name = "slope"
	case activation.Swish, activation.SwishBeta:
		name = "β"
	}
	switch a.Func.Arg {
	case activation.Fixed:
		return a, name, []float32{a.Value}
	case activation.Learned:
		return a, name, p.param(a.Func.Param)
	}
	return a, name, nil
}

// withArgument tries other values of the activation's parameter.
func (p *place) withArgument(kind, text string, a activation.Layer, v []float32) float64 {
	if a.Func.Arg == activation.Fixed {
		a.Value = v[0]
		return p.replace(kind, text, a, nil)
	}
	return p.replace(kind, text, a, map[string][]float32{a.Func.Param: v})
}

// slopeSign tries the negated slope.
func slopeSign(p *place) {
	a, name, v := p.argument()
	if v == nil {
		return
	}
	p.withArgument("slope-sign", "the sign of its "+name+" is the opposite one", a, scaled(v, -1))
	magnitude := make([]float32, len(v))
	for i, x := range v {
		magnitude[i] = float32(math.Abs(float64(x)))
	}
	if !slices.Equal(magnitude, v) {
		p.withArgument("slope-sign", "its "+name+" should be the absolute value", a, magnitude)
	}
}

// slopeAxis tries learned slopes along other axes and in other orders.
func slopeAxis(p *place) {
	a, name, v := p.argument()
	if v == nil || a.Func.Arg != activation.Learned || len(v) < 2 {
		return
	}
	x := p.shape
	p.slopesAlong(a, name, v, x)
	for _, c := range arrangements(len(v)) {
		p.withArgument("slope-axis", "its "+name+"s are in another order and have to be "+c.text, a, permuted(v, c.order))
	}
	dims := []int(p.node.Params[0].Shape)
	for _, order := range permutations(min(len(dims), 4)) {
		text := fmt.Sprintf("its %ss are in another order of axes and have to be transposed: %v against %v", name, order, identity(len(order)))
		p.withArgument("slope-axis", text, a, reorder(v, dims, order))
		p.withArgument("slope-axis", text, a, reorderBack(v, dims, order))
	}
}

// slopesAlong tries slopes that belong to another axis of the map of shape x.
func (p *place) slopesAlong(a activation.Layer, name string, v []float32, x nn.Shape) {
	axes := []string{"channels", "rows", "columns"}
	for i, d := range x {
		if d != len(v) || i >= len(axes) {
			continue
		}
		s := make(nn.Shape, len(x))
		for k := range s {
			s[k] = 1
		}
		s[i] = d
		b := a
		b.Sharing = activation.SharedAs(s)
		if sharing, err := activation.SharingOf(s, x); err == nil {
			b.Sharing = sharing
		}
		if b.Sharing.String() == a.Sharing.String() {
			continue
		}
		p.withArgument("slope-axis", fmt.Sprintf("its %ss belong to the %s, not to another axis", name, axes[i]), b, v)
	}
}

// usual are common values of slopes and of β.
var usual = []float32{0.01, 0.1, 0.2, 0.25, 0.3, 0.5, 1, 0, -0.5, -1, 1.702, 2, 0.05, 0.001}

// usualFor are those of a function.
func usualFor(f *activation.Func) []float32 {
	switch f {
	case activation.Leaky, activation.PReLU:
		return usual
	case activation.Swish, activation.SwishBeta:
		return []float32{1, 1.702, 0.5, 2}
	}
	return []float32{1, 0.5, 2, 1.6732632}
}

// slopeValue tries the usual values of a slope, of β and of α.
func slopeValue(p *place) {
	a, name, v := p.argument()
	switch {
	case v != nil:
		for _, u := range usualFor(a.Func) {
			p.withArgument("slope-value", fmt.Sprintf("its %s is %s and should be %g", name, brief(v), u), a, repeat(u, len(v)))
		}
		for _, by := range []float32{0.5, 2, 1.5, 2. / 3, 0.1, 10} {
			p.withArgument("slope-value", fmt.Sprintf("its %s should be %g times as large", name, by), a, scaled(v, by))
		}
	case a.Func == activation.ReLU:
		for _, u := range usual {
			if u != 0 && u != 1 {
				p.replace("slope-value", fmt.Sprintf("its slope is 0 and should be %g", u),
					activation.Layer{Func: activation.Leaky, Value: u}, nil)
			}
		}
	}
}

// brief shows a single value, or how many there are.
func brief(v []float32) string {
	if len(v) == 1 {
		return fmt.Sprintf("%g", v[0])
	}
	return fmt.Sprintf("a vector of %d", len(v))
}

// slopeSwaps tries learned slopes with two exchanged.
func slopeSwaps(p *place) {
	a, name, v := p.argument()
	if a.Func == nil || a.Func.Arg != activation.Learned || len(v) < 2 || len(v) > mostUnknowns || !p.affordable(len(v)*len(v)/2) {
		return
	}
	for _, c := range swaps(len(v)) {
		p.withArgument("slope-axis", "its "+name+"s are in another order and have to be "+c.text, a, permuted(v, c.order))
	}
}

// fitSlope finds the slope or β that explains the reference: one value, and one a channel.
func fitSlope(p *place) {
	a, ok := asActivation(p.node)
	if !ok {
		return
	}
	p.fitValue(a)
	switch a.Func {
	case activation.ReLU, activation.PReLU, activation.Leaky:
		p.fitLearned(a, activation.PReLU, "slope", 0)
		p.fitLearned(a, activation.SwishBeta, "", 1)
	case activation.Linear:
		p.fitLearned(a, activation.PReLU, "slope", 1)
		p.fitLearned(a, activation.SwishBeta, "", 1)
	case activation.Swish, activation.SwishBeta:
		p.fitLearned(a, activation.SwishBeta, "β", 1)
		p.fitLearned(a, activation.PReLU, "", 0)
	default:
		p.fitLearned(a, activation.PReLU, "", 0)
		p.fitLearned(a, activation.SwishBeta, "", 1)
	}
}

// fitLearned fits the parameter of a function. name is "" for another function than the node's.
func (p *place) fitLearned(a activation.Layer, f *activation.Func, name string, start float32) {
	_, _, old := p.argument()
	if name == "" {
		old = nil
	}
	for _, sharing := range p.sharings(a) {
		learned := a
		learned.Func, learned.Sharing = f, sharing
		s, err := sharing.Shape(p.shape)
		if err != nil {
			continue
		}
		from := repeat(start, s.Size())
		switch len(old) {
		case len(from):
			copy(from, old)
		case 1:
			from = repeat(old[0], len(from))
		}
		p.fit(func(x []float64) value {
			v := floats(x)
			kind, text := classifySlopes(name, old, v)
			if name == "" {
				kind, text = "activation", fmt.Sprintf("its activation is %s and should be %s, with %s of %s", a, f.Name, f.Param, about(v))
			}
			return p.replacement(kind, text, learned, map[string][]float32{f.Param: v})
		}, doubles(from))
	}
}

// sharings are those of a learned parameter to fit: as the layer has it, one, and per channel.
func (p *place) sharings(a activation.Layer) []activation.Sharing {
	list := []activation.Sharing{activation.One, activation.PerChannel}
	if a.Func.Arg == activation.Learned && a.Sharing.String() != "one" && a.Sharing.String() != "channel" {
		list = append(list, a.Sharing)
	} else if p.direct() {
		list = append(list, activation.PerElement)
	}
	return list
}

// fitValue fits the fixed parameter of another activation.
func (p *place) fitValue(a activation.Layer) {
	if a.Func.Arg != activation.Fixed {
		return
	}
	p.fit(func(x []float64) value {
		b := a
		b.Value = float32(x[0])
		return p.replacement("slope-value", fmt.Sprintf("its %s is %g and should be about %.4g", a.Func.Param, a.Value, b.Value), b, nil)
	}, []float64{float64(a.Value)})
}

// classifySlopes says what is wrong with old slopes, given the right ones.
func classifySlopes(name string, old, v []float32) (kind, text string) {
	switch {
	case len(old) == len(v) && len(v) > 1 && sameNumbers(old, v, 1):
		return "slope-axis", "its " + name + "s are in another order"
	case len(old) == len(v) && sameNumbers(old, v, -1):
		return "slope-sign", "the sign of its " + name + " is the opposite one"
	case len(old) == 0:
		return "slope-value", fmt.Sprintf("its %s is ignored and should be %s", name, about(v))
	}
	return "slope-value", fmt.Sprintf("its %s is %s and should be %s", name, brief(old), about(v))
}

// about shows fitted values.
func about(v []float32) string {
	if len(v) == 1 || constant(v) {
		return fmt.Sprintf("about %.4g", v[0])
	}
	return fmt.Sprintf("other values, from %.3g to %.3g", slices.Min(v), slices.Max(v))
}

// sameNumbers reports whether a times a factor has the numbers of b in some order. A quarter may
// differ: those of channels that are never negative cannot be fitted.
func sameNumbers(a, b []float32, by float32) bool {
	left := scaled(a, by)
	for _, y := range b {
		i := slices.IndexFunc(left, func(x float32) bool { return math.Abs(float64(x-y)) <= 1e-3*(1+math.Abs(float64(x))) })
		if i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	return len(left) <= len(a)/4
}
