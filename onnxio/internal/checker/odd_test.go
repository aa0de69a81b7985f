package checker

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Models with odd numbers in odd places come to no panic.
func TestCheckSurvivesOddModels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	cases := oracleCases(t)
	var ops []string
	for _, c := range cases {
		if m, err := graph.Read(c.Model); err == nil {
			for _, n := range m.Graph.Nodes {
				ops = append(ops, n.OpType)
			}
		}
	}
	checked := 0
	for _, c := range cases {
		for range 12 {
			m, err := graph.Read(c.Model)
			if err != nil || len(m.Graph.Nodes) == 0 || len(m.Graph.Inputs) == 0 {
				break
			}
			for range 1 + r.IntN(3) {
				change(r, m, ops)
			}
			if m.Check() == nil {
				checked++
				Check(m)
			}
		}
	}
	t.Logf("%d odd models checked", checked)
	if checked < 1000 {
		t.Errorf("only %d models could be checked", checked)
	}
}

func odd(r *rand.Rand) int64 {
	return []int64{0, 1, -1, 2, 3, 7919, 1 << 31, -1 << 31, 1 << 40, math.MaxInt64, math.MinInt64}[r.IntN(11)]
}

// change makes one thing of a model odd.
func change(r *rand.Rand, m *graph.Model, ops []string) {
	g := m.Graph
	n := g.Nodes[r.IntN(len(g.Nodes))]
	switch r.IntN(7) {
	case 0:
		n.OpType = ops[r.IntN(len(ops))]
	case 1:
		m.Opsets[0].Version = 1 + r.Int64N(28)
	case 2:
		for _, a := range n.Attrs {
			switch v := a.Value.(type) {
			case int64:
				a.Value = odd(r)
			case []int64:
				a.Value = append(v[:r.IntN(len(v)+1)], odd(r))
			}
		}
	case 3:
		for i, t := range g.Initializers {
			if t.Type == graph.Int64 {
				g.Initializers[i] = graph.Int64Tensor(t.Name, []int64{2}, []int64{odd(r), odd(r)})
			}
		}
	case 4:
		v := g.Inputs[r.IntN(len(g.Inputs))]
		if len(v.Shape) > 0 {
			v.Shape[r.IntN(len(v.Shape))].Size = odd(r)
		}
		v.HasShape = r.IntN(4) > 0
	case 5:
		n.Inputs = append(n.Inputs[:r.IntN(len(n.Inputs)+1)], g.Inputs[0].Name)
	case 6:
		n.Outputs = append(n.Outputs[:r.IntN(len(n.Outputs)+1)], "")
	}
}
