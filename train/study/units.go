package study

import (
	"context"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
)

// unitsOf is what the units of an activation layer do on digits and on their inverses. A unit is
// an element of the map; z is its input and y its output.
type unitsOf struct {
	Layer string `json:"layer"`
	Units int    `json:"units"`
	// Dead are the shares of units with z ≤ 0 for all digits, for all inverses, and for both.
	DeadDigits   float64 `json:"dead_digits"`
	DeadInverses float64 `json:"dead_inverses"`
	DeadBoth     float64 `json:"dead_both"`
	// Silent are the shares of units with y = 0, the mean over digits and over inverses.
	SilentDigits   float64 `json:"silent_digits"`
	SilentInverses float64 `json:"silent_inverses"`
	// Agreement is the correlation over pictures of y for a digit with y for its inverse, the
	// mean over the units in which both vary.
	Agreement float64 `json:"agreement"`
}

// unitSums are sums of a layer over pictures.
type unitSums struct {
	node                                *nn.Node
	aliveDigits, aliveInverses          []bool
	silentDigits, silentInverses, count float64
	// Of y for digits (a) and inverses (b), a value a unit.
	a, b, aa, bb, ab []float64
}

// unitsBatch is the number of pictures that run at once; their inverses run with them.
const unitsBatch = 128

// measureUnits runs the pictures of a set, which are followed by their inverses, through a network
// and looks at its activation layers.
func measureUnits(ctx context.Context, net *nn.Network, set nn.Dataset, workers int) ([]unitsOf, error) {
	var layers []*unitSums
	var outputs []string
	for _, n := range net.Nodes() {
		if _, ok := n.Layer.(activation.Layer); ok {
			layers, outputs = append(layers, newUnitSums(n)), append(outputs, n.Name, n.Inputs[0])
		}
	}
	e, err := nn.NewExecutor(net, nn.ExecutorConfig{Workers: workers, InBlocks: true, Outputs: outputs})
	if err != nil {
		return nil, err
	}
	pictures := set.Len() / 2
	for from := 0; from < pictures; from += unitsBatch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(unitsBatch, pictures-from)
		x := nn.NewTensor(append([]int{2 * n}, set.Shape()...)...)
		for i := range n {
			if err := nn.ReadSample(x.Sample(i), set, from+i); err != nil {
				return nil, err
			}
			if err := nn.ReadSample(x.Sample(n+i), set, pictures+from+i); err != nil {
				return nil, err
			}
		}
		r, err := e.Run(map[string]*nn.Tensor{net.Inputs()[0].Name: x}, nil)
		if err != nil {
			return nil, err
		}
		for _, l := range layers {
			l.add(r.Outputs[l.node.Inputs[0]], r.Outputs[l.node.Name])
		}
	}
	var all []unitsOf
	for _, l := range layers {
		all = append(all, l.result())
	}
	return all, nil
}

func newUnitSums(n *nn.Node) *unitSums {
	size := n.Shape.Size()
	of := func() []float64 { return make([]float64, size) }
	return &unitSums{node: n, aliveDigits: make([]bool, size), aliveInverses: make([]bool, size), a: of(), b: of(), aa: of(), bb: of(), ab: of()}
}

// add adds inputs z and outputs y of shape (2n, …): those of n digits, then of their inverses.
func (s *unitSums) add(z, y *nn.Tensor) {
	n := y.Shape[0] / 2
	for i := range n {
		zd, zi, yd, yi := z.Sample(i), z.Sample(n+i), y.Sample(i), y.Sample(n+i)
		for k := range yd {
			s.aliveDigits[k] = s.aliveDigits[k] || zd[k] > 0
			s.aliveInverses[k] = s.aliveInverses[k] || zi[k] > 0
			if yd[k] == 0 {
				s.silentDigits++
			}
			if yi[k] == 0 {
				s.silentInverses++
			}
			a, b := float64(yd[k]), float64(yi[k])
			s.a[k], s.b[k] = s.a[k]+a, s.b[k]+b
			s.aa[k], s.bb[k], s.ab[k] = s.aa[k]+a*a, s.bb[k]+b*b, s.ab[k]+a*b
		}
	}
	s.count += float64(n)
}

func (s *unitSums) result() unitsOf {
	units := len(s.a)
	r := unitsOf{Layer: s.node.Name, Units: units}
	vary := 0.0
	for k := range units {
		share := 1 / float64(units)
		if !s.aliveDigits[k] {
			r.DeadDigits += share
		}
		if !s.aliveInverses[k] {
			r.DeadInverses += share
		}
		if !s.aliveDigits[k] && !s.aliveInverses[k] {
			r.DeadBoth += share
		}
		if c, ok := s.correlation(k); ok {
			r.Agreement, vary = r.Agreement+c, vary+1
		}
	}
	r.SilentDigits = s.silentDigits / (s.count * float64(units))
	r.SilentInverses = s.silentInverses / (s.count * float64(units))
	if vary > 0 {
		r.Agreement /= vary
	}
	return r
}

// correlation is that of a unit's outputs for digits and for inverses; false if one of them does
// not vary.
func (s *unitSums) correlation(k int) (float64, bool) {
	n := s.count
	va, vb := s.aa[k]/n-s.a[k]/n*s.a[k]/n, s.bb[k]/n-s.b[k]/n*s.b[k]/n
	const rounding = 1e-9 // of the sums, by the mean square
	if va <= rounding*s.aa[k]/n || vb <= rounding*s.bb[k]/n {
		return 0, false
	}
	return (s.ab[k]/n - s.a[k]/n*s.b[k]/n) / math.Sqrt(va*vb), true
}
