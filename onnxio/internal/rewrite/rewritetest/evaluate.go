package rewritetest

import (
	"math"
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Largest is the largest number of a random model that is compared.
const Largest = 100

// InputsOf makes random inputs for a model with so many samples.
func InputsOf(m *graph.Model, batch int, random *rand.Rand) map[string]*reference.Tensor {
	constants := map[string]bool{}
	for _, t := range m.Graph.Initializers {
		constants[t.Name] = true
	}
	in := map[string]*reference.Tensor{}
	for _, v := range m.Graph.Inputs {
		if constants[v.Name] {
			continue
		}
		shape, size := []int{}, 1
		for _, d := range v.Shape {
			n := batch
			if d.Known() {
				n = int(d.Size)
			}
			shape, size = append(shape, n), size*n
		}
		switch v.Type {
		case graph.Float, graph.Double, graph.Float16, graph.BFloat16:
			x := make([]float64, size)
			for i := range x {
				x[i] = float64(float32(random.NormFloat64()))
				if v.Type != graph.Float && v.Type != graph.Double { // which any type holds
					x[i] = math.Round(x[i]*8) / 8
				}
			}
			in[v.Name] = reference.FromFloat64s(v.Type, shape, x)
		case graph.String:
			in[v.Name] = &reference.Tensor{Type: v.Type, Shape: shape, Strings: make([]string, size)}
		default:
			x := make([]int64, size)
			for i := range x {
				x[i] = int64(random.IntN(2))
			}
			in[v.Name] = reference.FromInt64s(v.Type, shape, x)
		}
	}
	return in
}

// Outcome is what a model gives: its outputs in their order, all values, and the largest
// number among them.
type Outcome struct {
	Outputs []*reference.Tensor
	Values  map[string]*reference.Tensor
	scale   float64
	Wild    bool // some numbers are so large that rounding on the way shows
}

// Evaluate runs a model.
func Evaluate(m *graph.Model, in map[string]*reference.Tensor) (*Outcome, error) {
	e, err := reference.New(m)
	if err != nil {
		return nil, err
	}
	o := &Outcome{Values: map[string]*reference.Tensor{}, scale: 1}
	results, err := e.Observe(in, func(name string, t *reference.Tensor) {
		o.Values[name] = t
		for _, v := range t.Floats {
			o.scale = max(o.scale, math.Abs(v))
			o.Wild = o.Wild || !(math.Abs(v) < Largest)
		}
	})
	if err != nil {
		return nil, err
	}
	for _, v := range m.Graph.Outputs {
		o.Outputs = append(o.Outputs, results[v.Name])
	}
	return o, nil
}

// Rand is a source of random numbers that a seed tells.
func Rand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 4)) }
