package exec

import "testing"

// The gradients of all blocks are added up, however many there are.
func TestGradientsOfManyBlocksAddUp(t *testing.T) {
	g := graph(1)
	last := g.add(scale{newBase(vector)}, Input(0))
	cfg := Config{Training: true, Outputs: []Value{last}, Seeds: []Value{last}}
	checkGraph(t, g, cfg, []int{112, 113, 128, 129, 144, 145, 160, 161, 272, 321}, []int{1, 3})
}
