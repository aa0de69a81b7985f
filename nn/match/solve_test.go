package match

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// permutations calls f with all orders of v.
func permutations(v []int, k int, f func()) {
	if k == len(v) {
		f()
		return
	}
	for i := k; i < len(v); i++ {
		v[k], v[i] = v[i], v[k]
		permutations(v, k+1, f)
		v[k], v[i] = v[i], v[k]
	}
}

// total is the sum of the similarities of all filters in the orders of m.
func (m *matching) total() (sum float64) {
	for _, p := range m.pairs {
		if m.filters[p.a] != nil {
			l := m.layer(p)
			sum += l.After * float64(len(l.Perm))
		}
	}
	return sum
}

// bestOfEach checks that no other order of the channels of one variable makes the filters more
// alike, with the others as they are.
func bestOfEach(t *testing.T, name string, a, b *nn.Network) {
	t.Helper()
	m := &matching{a: a, b: b, r: &Result{}}
	m.prepare()
	if err := solve(m.variables); err != nil {
		t.Fatal(err)
	}
	found := m.total()
	tried := 0
	for _, v := range m.variables {
		if v.within > 0 || v.n > 6 {
			continue
		}
		perm, best := slices.Clone(v.perm), found
		permutations(v.perm, 0, func() { best, tried = max(best, m.total()), tried+1 })
		v.perm = perm
		if best > found+1e-5 {
			t.Errorf("%s: %d channels: %.6f is found, %.6f is possible", name, v.n, found, best)
		}
	}
	if tried < 24 {
		t.Errorf("%s: %d orders tried", name, tried)
	}
}

// What is found cannot be improved by another order of the channels of one layer.
func TestOrdersAreTheBest(t *testing.T) {
	deep := func() *nn.Builder {
		return nn.NewBuilder(nn.Shape{1, 6, 6}).Add("c", conv(5, 3)).Add("r", activation.Must("relu")).
			Add("d", layer.Conv{Out: 5, Kernel: [2]int{2, 2}, NoBias: true}).Add("e", conv(4, 2)).
			Add("f", layer.Flatten{}).Add("g", layer.Dense{Out: 5}).Add("h", layer.Dense{Out: 6, NoBias: true}).Add("o", layer.Dense{Out: 2})
	}
	builders := map[string]func() *nn.Builder{"deep": deep}
	for _, name := range []string{"concatenated", "depthwise with a multiplier", "transposed"} {
		builders[name] = graphs[name]
	}
	for name, build := range builders {
		for seed := range uint64(6) {
			var nets [2]*nn.Network
			for i := range nets {
				net, err := build().Build()
				if err != nil {
					t.Fatal(err)
				}
				nets[i] = random(net, 2*seed+uint64(i)+1)
			}
			if name == "deep" && seed%2 == 1 { // filters of zeros, at other places
				size := len(nets[0].Param("d.weight").Data) / 5
				clear(nets[0].Param("d.weight").Data[:2*size])
				clear(nets[1].Param("d.weight").Data[2*size : 4*size])
			}
			bestOfEach(t, name, nets[0], nets[1])
		}
	}
}

// Equal filters are told apart by the layers that read them, or if these do not, by slopes.
func TestEqualFilters(t *testing.T) {
	for name, c := range map[string]struct {
		act            string
		alike          bool // what reads them
		first, another []float32
	}{
		"by their readers": {"relu", false, nil, nil},
		"by their slopes":  {"prelu:channel", true, []float32{0.1, 0.2, 0.3, 0.4}, []float32{0.2, 0.1, 0.4, 0.3}},
	} {
		var nets [2]*nn.Network
		for i, slopes := range [][]float32{c.first, c.another} {
			net, err := nn.Sequential(nn.Shape{2}, layer.Dense{Out: 4, NoBias: true}, activation.Must(c.act), layer.Dense{Out: 2, NoBias: true})
			if err != nil {
				t.Fatal(err)
			}
			copy(net.Param("dense1.weight").Data, []float32{1, 2, 1, 2, -1, 3, -1, 3})
			out := [][]float32{{1, 2, 3, 4, 5, 6, 7, 8}, {2, 1, 4, 3, 6, 5, 8, 7}}[i]
			if c.alike {
				out = []float32{1, 1, 3, 3, 5, 5, 7, 7}
				copy(net.Param("act.alpha").Data, slopes)
			}
			copy(net.Param("dense2.weight").Data, out)
			nets[i] = net
		}
		if r := compared(t, nets[0], nets[1]); !r.Equal || !slices.Equal(r.Layers[0].Perm, []int{1, 0, 3, 2}) {
			t.Errorf("%s: equal %v, order %v", name, r.Equal, r.Layers[0].Perm)
		}
	}
}
