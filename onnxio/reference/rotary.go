package reference

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// rotaryEmbedding turns pairs of numbers of each head, the place in the sequence says how
// far: x [N, H, S, D] or [N, S, H·D], cosines and sines [N, S, R/2], or [places, R/2] and
// the places [N, S] in input 3. Of each head the first R numbers turn, all by default; a
// pair is a number of the first and one of the second half, or two neighbours
// (interleaved).
func rotaryEmbedding(c *call) ([]*Tensor, error) {
	x, err := c.heads(0, "num_heads")
	if err != nil {
		return nil, err
	}
	size := x.Shape[3]
	turned := c.count("rotary_embedding_dim", 0, 0)
	if turned == 0 {
		turned = size
	}
	if turned > size || turned%2 != 0 {
		return nil, fmt.Errorf("of %d numbers %d are to turn in pairs", size, turned)
	}
	half := turned / 2
	cos, err := c.angles(1, x.Shape[0], x.Shape[2], half)
	if err != nil {
		return nil, err
	}
	sin, err := c.angles(2, x.Shape[0], x.Shape[2], half)
	if err != nil {
		return nil, err
	}
	step, apart := 1, half // from pair to pair, and between the two of one
	if c.flag("interleaved", false) {
		step, apart = 2, 1
	}
	y := like(x, slices.Clone(x.Floats))
	for row := range product(x.Shape[:3]) {
		place := row/(x.Shape[1]*x.Shape[2])*x.Shape[2] + row%x.Shape[2] // of sample and sequence
		v, angle := y.Floats[row*size:][:size], place*half
		for k := range half {
			a, b := v[k*step], v[k*step+apart]
			v[k*step] = cos[angle+k]*a - sin[angle+k]*b
			v[k*step+apart] = sin[angle+k]*a + cos[angle+k]*b
		}
	}
	if len(c.in[0].Shape) == 3 {
		y = joinHeads(y)
	}
	return []*Tensor{y}, nil
}

// angles is input k as [n, places, half], looked up by input 3 if that is there.
func (c *call) angles(k, n, places, half int) ([]float64, error) {
	t, err := c.floats(k)
	if err != nil {
		return nil, err
	}
	at := c.optional(3)
	if at == nil {
		if !slices.Equal(t.Shape, []int{n, places, half}) {
			return nil, fmt.Errorf("input %d has shape %v, it must have shape %v", k, t.Shape, []int{n, places, half})
		}
		return t.Floats, nil
	}
	if len(t.Shape) != 2 || t.Shape[1] != half || at.Type != graph.Int64 || !slices.Equal(at.Shape, []int{n, places}) {
		return nil, fmt.Errorf("inputs %d and 3 have shapes %v and %v, they must have shapes [places %d] and %v", k, t.Shape, at.Shape, half, []int{n, places})
	}
	var v []float64
	for _, p := range at.Ints {
		if p < 0 || p >= int64(t.Shape[0]) {
			return nil, fmt.Errorf("place %d is not one of %d", p, t.Shape[0])
		}
		v = append(v, t.Floats[int(p)*half:][:half]...)
	}
	return v, nil
}
