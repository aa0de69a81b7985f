package reference

import (
	"fmt"
	"math"
	"slices"
)

// linearOps are layers that pass a state on from place to place instead of looking back.
var linearOps = map[string]op{
	"LinearAttention":     linearAttention,
	"CausalConvWithState": causalConv,
}

// linearAttention keeps a matrix s for each head of keys. At each place, with key k, value v
// and query q, as update_rule says: s decays by e^decay for each number of the key (gated),
// v is replaced by beta·(v − sᵀ·k) (delta), then s grows by k·vᵀ and the output is
// scale·sᵀ·q. The second result is the last s, [N, heads, size of keys, size of values].
func linearAttention(c *call) ([]*Tensor, error) {
	a, err := c.remembering()
	if err != nil {
		return nil, err
	}
	shape := []int{a.k.Shape[0], a.k.Shape[1], a.k.Shape[3], a.v.Shape[3]}
	state, err := c.orZeros(3, shape)
	if err != nil {
		return nil, err
	}
	y, err := newTensor(a.q.Type, a.q.Shape[0], a.q.Shape[1], a.q.Shape[2], shape[3])
	if err != nil {
		return nil, err
	}
	state = slices.Clone(state)
	size, places := shape[2]*shape[3], a.k.Shape[2]
	for head := range shape[0] * shape[1] {
		for t := range places {
			if err := c.did(size * (2 + a.q.Shape[1]/shape[1])); err != nil {
				return nil, err
			}
			s := state[head*size:][:size]
			a.learn(s, head*places+t)
			share := a.q.Shape[1] / shape[1] // heads of queries that read one state
			for h := head * share; h < (head+1)*share; h++ {
				a.read(s, h*places+t, y.Floats)
			}
		}
	}
	typ := a.q.Type
	if c.optional(3) != nil {
		typ = c.in[3].Type
	}
	return []*Tensor{joinHeads(y), FromFloat64s(typ, shape, state)}, nil
}

// remembering is one use of LinearAttention, everything by heads, [N, heads, places, size].
type remembering struct {
	q, k, v     *Tensor
	decay, beta []float64 // nil if the rule does not use them
	scale       float64
}

func (c *call) remembering() (*remembering, error) {
	rule := c.string("update_rule", "gated_delta", "gated", "delta", "linear")
	a := &remembering{}
	var err error
	for k, t := range []**Tensor{&a.q, &a.k, &a.v} {
		if *t, err = c.heads(k, []string{"q_num_heads", "kv_num_heads", "kv_num_heads"}[k]); err != nil {
			return nil, err
		}
	}
	q, k, v := a.q.Shape, a.k.Shape, a.v.Shape
	if len(c.in[0].Shape) != 3 || k[1] == 0 || q[1]%k[1] != 0 || q[0] != k[0] || !slices.Equal(q[2:], k[2:]) || !slices.Equal(k[:3], v[:3]) {
		return nil, fmt.Errorf("queries %v, keys %v and values %v (batch, heads, places, size) do not fit", q, k, v)
	}
	if a.scale = c.float("scale", 0); a.scale == 0 {
		a.scale = 1 / math.Sqrt(float64(q[3]))
	}
	if a.decay, err = c.gate(4, rule == "gated" || rule == "gated_delta", k[0], k[2], k[1], k[3]); err != nil {
		return nil, err
	}
	a.beta, err = c.gate(5, rule == "delta" || rule == "gated_delta", k[0], k[2], k[1], 1)
	return a, err
}

// learn changes state s by the key and value at an index over samples, heads and places.
func (a *remembering) learn(s []float64, at int) {
	in, out := a.k.Shape[3], a.v.Shape[3]
	key, value := a.k.Floats[at*in:][:in], slices.Clone(a.v.Floats[at*out:][:out])
	if a.decay != nil {
		for i := range key {
			scaleBy(s[i*out:][:out], math.Exp(a.decay[at*in+i]))
		}
	}
	if a.beta != nil {
		for i, x := range key {
			addScaled(value, -x, s[i*out:], 1)
		}
		scaleBy(value, a.beta[at])
	}
	for i, x := range key {
		addScaled(s[i*out:][:out], x, value, 1)
	}
}

// read adds what the query at an index finds in state s.
func (a *remembering) read(s []float64, at int, y []float64) {
	in, out := a.k.Shape[3], a.v.Shape[3]
	for i, x := range a.q.Floats[at*in:][:in] {
		addScaled(y[at*out:][:out], a.scale*x, s[i*out:], 1)
	}
}

func scaleBy(v []float64, a float64) {
	for i := range v {
		v[i] *= a
	}
}

// gate is input k, [N, places, heads·size], as [N, heads, places, size]. One number for
// each head goes for all of its size, and one number for all heads. It must be there if the
// rule needs it, and must not be if not.
func (c *call) gate(k int, needed bool, n, places, heads, size int) ([]float64, error) {
	if !needed {
		if c.optional(k) != nil {
			return nil, fmt.Errorf("input %d is there, but the rule of update does not use it", k)
		}
		return nil, nil
	}
	t, err := c.floats(k)
	if err != nil {
		return nil, err
	}
	if len(t.Shape) != 3 || t.Shape[0] != n || t.Shape[1] != places {
		return nil, fmt.Errorf("input %d has shape %v, it must have shape [%d %d …]", k, t.Shape, n, places)
	}
	last := t.Shape[2]
	switch {
	case last == heads*size:
	case last == heads || size == 1 && last == 1:
		if t, err = t.reshape([]int{n, places, last, 1}); err != nil {
			return nil, err
		}
		if t, err = t.spread([]int{n, places, heads, size}); err != nil {
			return nil, err
		}
		if t, err = t.reshape([]int{n, places, heads * size}); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("input %d has shape %v, it must end with %d or %d", k, t.Shape, heads, heads*size)
	}
	return splitHeads(t, heads).Floats, nil
}

// causalConv slides a kernel over each channel of x [N, C, length], weights [C, 1, k], that
// sees the place itself and those before: first what is in input 3, [N, C, k−1], or zeros.
// The second result is the same for the next call.
func causalConv(c *call) ([]*Tensor, error) {
	x, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	w, err := c.floats(1)
	if err != nil {
		return nil, err
	}
	if len(x.Shape) != 3 || len(w.Shape) != 3 || w.Shape[0] != x.Shape[1] || w.Shape[1] != 1 || w.Shape[2] < 1 {
		return nil, fmt.Errorf("weights of shape %v do not fit an input of shape %v", w.Shape, x.Shape)
	}
	n, channels, length, k := x.Shape[0], x.Shape[1], x.Shape[2], w.Shape[2]
	bias, err := c.vector(2, channels)
	if err != nil {
		return nil, err
	}
	past, err := c.orZeros(3, []int{n, channels, k - 1})
	if err != nil {
		return nil, err
	}
	finish := func(v float64) float64 { return v }
	if c.string("activation", "none", "silu", "swish") != "none" {
		finish = swish(1)
	}
	y, next := make([]float64, 0, len(x.Floats)), make([]float64, 0, len(past))
	meter := paced{call: c}
	for row := range n * channels {
		seen := slices.Concat(past[row*(k-1):][:k-1], x.Floats[row*length:][:length])
		kernel := w.Floats[row%channels*k:][:k]
		for t := range length {
			sum := 0.0
			if bias != nil {
				sum = bias[row%channels]
			}
			for i, a := range kernel {
				sum += a * seen[t+i]
			}
			y = append(y, finish(sum))
			if err := meter.did(k); err != nil {
				return nil, err
			}
		}
		next = append(next, seen[length:]...)
	}
	return []*Tensor{like(x, y), FromFloat64s(x.Type, []int{n, channels, k - 1}, next)}, nil
}
