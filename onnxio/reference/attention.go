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
		if err := c.did(keys * (a.q.Shape[3] + out)); err != nil {
			return nil, err
		}
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
