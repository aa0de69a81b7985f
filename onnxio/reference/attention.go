package reference

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// attentionOps are the operators of transformers.
var attentionOps = map[string]op{
	"Attention":       attention,
	"RotaryEmbedding": rotaryEmbedding,
}

// attending is one use of Attention: queries q [N, H, S, D], keys k [N, G, T, D] and values
// v [N, G, T, E], where H/G heads of queries share one of keys.
type attending struct {
	q, k, v     *Tensor
	scale, cap  float64
	mask        *Tensor // added to scores, [N, H, S, T]; nil if there is none
	causal      bool
	left, right int     // how far queries see, −1 for all
	offset      []int64 // of each sample: keys before the first query's own
	valid       []int64 // of each sample: keys that are not padding
	show        int     // what the last result holds
}

// attention is softmax(scale·q·kᵀ + mask)·v. Its results are y, the keys and values with
// those of the past in front, and the scores at a stage that qk_matmul_output_mode names.
func attention(c *call) ([]*Tensor, error) {
	a, err := c.attending()
	if err == nil {
		err = c.err
	}
	if err != nil {
		return nil, err
	}
	n, heads, queries, keys, out := a.q.Shape[0], a.q.Shape[1], a.q.Shape[2], a.k.Shape[2], a.v.Shape[3]
	y, err := newTensor(a.q.Type, n, heads, queries, out)
	if err != nil {
		return nil, err
	}
	shown, err := newTensor(a.q.Type, n, heads, queries, keys)
	if err != nil {
		return nil, err
	}
	for row := range n * heads * queries {
		p := a.weigh(row, shown.Floats[row*keys:][:keys])
		v := a.v.Floats[a.shared(row/queries)*keys*out:]
		for j, w := range p {
			addScaled(y.Floats[row*out:][:out], w, v[j*out:], 1)
		}
	}
	if len(c.in[0].Shape) == 3 {
		y = joinHeads(y)
	}
	return []*Tensor{y, a.k, a.v, shown}, nil
}

// shared is the index, over the batch, of the keys and values of a head of queries.
func (a *attending) shared(head int) int {
	heads, groups := a.q.Shape[1], a.k.Shape[1]
	return head/heads*groups + head%heads/(heads/groups)
}

// weigh gives the weights of all values for a query, whose index goes over samples and
// heads too. A query that sees no key has zeros.
func (a *attending) weigh(row int, shown []float64) []float64 {
	keys, size := a.k.Shape[2], a.q.Shape[3]
	q, k := a.q.Floats[row*size:][:size], a.k.Floats[a.shared(row/a.q.Shape[2])*keys*size:]
	score, blind := make([]float64, keys), true
	show := func(mode int) {
		if a.show == mode {
			copy(shown, score)
		}
	}
	for j := range score {
		for i, x := range q {
			score[j] += a.scale * x * k[j*size+i]
		}
	}
	show(0)
	if a.cap > 0 {
		for j, x := range score {
			score[j] = a.cap * math.Tanh(x/a.cap)
		}
	}
	show(1)
	for j := range score {
		bias := a.bias(row, j)
		score[j] += bias
		blind = blind && math.IsInf(bias, -1)
	}
	show(2)
	if blind {
		clear(score)
	} else {
		softmax(score)
	}
	show(3)
	return score
}

// bias is what is added to the score of a query and key j: −∞ if it must not see it.
func (a *attending) bias(row, j int) float64 {
	queries := a.q.Shape[2]
	sample, key := row/(queries*a.q.Shape[1]), int64(j)
	at := a.offset[sample] + int64(row%queries) // the query's own place among the keys
	if a.causal && key > at || a.left >= 0 && key < at-int64(a.left) || a.right >= 0 && key > at+int64(a.right) || key >= a.valid[sample] {
		return math.Inf(-1)
	}
	if a.mask == nil {
		return 0
	}
	return a.mask.Floats[row*a.k.Shape[2]+j]
}

// attending reads inputs and attributes.
func (c *call) attending() (*attending, error) {
	a := &attending{cap: c.float("softcap", 0), causal: c.flag("is_causal", false), show: c.int("qk_matmul_output_mode", 0)}
	a.left, a.right = c.count("left_window_size", -1, -1), c.count("right_window_size", -1, -1)
	var err error
	for k, t := range []**Tensor{&a.q, &a.k, &a.v} {
		if *t, err = c.heads(k, []string{"q_num_heads", "kv_num_heads", "kv_num_heads"}[k]); err != nil {
			return nil, err
		}
	}
	past := 0
	if c.optional(4) != nil || c.optional(5) != nil {
		if a.k, past, err = c.withPast(4, a.k); err != nil {
			return nil, err
		}
		if a.v, _, err = c.withPast(5, a.v); err != nil {
			return nil, err
		}
	}
	q, k, v := a.q.Shape, a.k.Shape, a.v.Shape
	if q[0] != k[0] || k[1] == 0 || q[1]%k[1] != 0 || q[3] != k[3] || !slices.Equal(k[:3], v[:3]) {
		return nil, fmt.Errorf("queries %v, keys %v and values %v (batch, heads, places, size) do not fit", q, k, v)
	}
	a.scale = 1 / math.Sqrt(float64(q[3]))
	if c.has("scale") {
		a.scale = c.float("scale", 0)
	}
	if err := a.places(c.optional(6), past); err != nil {
		return nil, err
	}
	if c.optional(3) != nil {
		if a.mask, err = c.attentionMask([]int{q[0], q[1], q[2], k[2]}); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// places finds where the queries of each sample stand among its keys: valid holds the
// numbers of keys that are not padding.
func (a *attending) places(valid *Tensor, past int) error {
	n, queries, keys := a.q.Shape[0], a.q.Shape[2], a.k.Shape[2]
	a.offset, a.valid = slices.Repeat([]int64{int64(past)}, n), slices.Repeat([]int64{int64(keys)}, n)
	if valid == nil {
		return nil
	}
	if valid.Type != graph.Int64 || !slices.Equal(valid.Shape, []int{n}) {
		return fmt.Errorf("input 6 has shape %v and element type %v, it must be a number of INT64 for each of %d samples", valid.Shape, valid.Type, n)
	}
	a.valid = valid.Ints
	for i, v := range valid.Ints {
		if past == 0 {
			a.offset[i] = v - int64(queries)
		}
	}
	return nil
}

// heads is input k as [N, H, S, D]. With three axes, [N, S, H·D], an attribute says H.
func (c *call) heads(k int, attribute string) (*Tensor, error) {
	t, err := c.floats(k)
	if err != nil {
		return nil, err
	}
	switch len(t.Shape) {
	case 4:
		return t, nil
	case 3:
		h := c.count(attribute, 0, 1)
		if c.err != nil || t.Shape[2]%h != 0 {
			return nil, fmt.Errorf("input %d has shape %v, which does not part into %d heads", k, t.Shape, h)
		}
		return splitHeads(t, h), nil
	}
	return nil, fmt.Errorf("input %d has shape %v, it must have 3 or 4 axes", k, t.Shape)
}

// splitHeads turns [N, S, H·D] into [N, H, S, D].
func splitHeads(t *Tensor, h int) *Tensor {
	n, s, d := t.Shape[0], t.Shape[1], t.Shape[2]/h
	y := make([]float64, 0, len(t.Floats))
	for head := range n * h {
		for place := range s {
			at := (head/h*s+place)*h + head%h
			y = append(y, t.Floats[at*d:][:d]...)
		}
	}
	return FromFloat64s(t.Type, []int{n, h, s, d}, y)
}

// joinHeads turns [N, H, S, D] into [N, S, H·D].
func joinHeads(t *Tensor) *Tensor {
	n, h, s, d := t.Shape[0], t.Shape[1], t.Shape[2], t.Shape[3]
	y := make([]float64, 0, len(t.Floats))
	for place := range n * s {
		for head := range h {
			at := (place/s*h+head)*s + place%s
			y = append(y, t.Floats[at*d:][:d]...)
		}
	}
	return FromFloat64s(t.Type, []int{n, s, h * d}, y)
}

// withPast puts input k in front of the places of t, and gives their number.
func (c *call) withPast(k int, t *Tensor) (*Tensor, int, error) {
	past, err := c.floats(k)
	if err != nil {
		return nil, 0, err
	}
	want := slices.Clone(t.Shape)
	if len(past.Shape) == 4 {
		want[2] = past.Shape[2]
	}
	if !slices.Equal(past.Shape, want) {
		return nil, 0, fmt.Errorf("input %d has shape %v, it must have shape %v apart from axis 2", k, past.Shape, want)
	}
	before, now := want[2]*want[3], t.Shape[2]*want[3]
	var all []float64
	for i := range want[0] * want[1] {
		all = append(append(all, past.Floats[i*before:][:before]...), t.Floats[i*now:][:now]...)
	}
	shape := slices.Clone(t.Shape)
	shape[2] += want[2]
	return FromFloat64s(t.Type, shape, all), want[2], nil
}

// attentionMask is input 3, added to scores of that shape: false is −∞, and so are keys
// behind its end.
func (c *call) attentionMask(shape []int) (*Tensor, error) {
	t := c.in[3]
	if t.Type == graph.Bool {
		v := make([]float64, len(t.Ints))
		for i, seen := range t.Ints {
			if seen == 0 {
				v[i] = math.Inf(-1)
			}
		}
		t = FromFloat64s(graph.Double, t.Shape, v)
	}
	t, err := t.inFloat64()
	if err != nil {
		return nil, fmt.Errorf("input 3: %w", err)
	}
	if last := len(t.Shape) - 1; last >= 0 && t.Shape[last] < shape[3] && t.Shape[last] != 1 {
		longer := slices.Clone(t.Shape)
		longer[last] = shape[3]
		whole, err := newTensor(t.Type, longer...)
		if err != nil {
			return nil, err
		}
		fill(whole.Floats, math.Inf(-1))
		for i, x := range t.Floats {
			whole.Floats[i/t.Shape[last]*shape[3]+i%t.Shape[last]] = x
		}
		t = whole
	}
	if t, err = t.spread(shape); err != nil {
		return nil, fmt.Errorf("input 3: %w", err)
	}
	return t, nil
}
