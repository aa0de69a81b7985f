package onnxio

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// RecoveredParam tells which of the file's tensors a parameter comes from.
type RecoveredParam struct {
	Name string // full, such as "conv1.weight"
	// Sources are the file's initializers that went into the parameter's layer: more than one
	// for a weight into which a normalisation was folded.
	Sources []string
	// Source is the one that holds the parameter's own elements, "" if none does.
	Source string
	// Factor is what the parameter is, divided by the source: −1 for slopes that the file
	// holds negated.
	Factor float32

	sizes []int // of the parts into which both are cut, in the network's order
	shape []int // of the parameter
	file  []int // of the source
	order []int // the parts in the source's order
}

// ToNetwork gives a tensor of the source's shape, such as its gradient in the framework times
// Factor, with the elements as the parameter has them.
func (p RecoveredParam) ToNetwork(x *nn.Tensor) (*nn.Tensor, error) {
	if p.Source == "" {
		return nil, fmt.Errorf("parameter %s: no tensor of the file holds its elements", p.Name)
	}
	if !slices.Equal(x.Shape, p.file) {
		return nil, fmt.Errorf("parameter %s: a tensor of shape %v, need %v", p.Name, nn.Shape(x.Shape), nn.Shape(p.file))
	}
	return p.toNetwork(x), nil
}

func (p RecoveredParam) toNetwork(x *nn.Tensor) *nn.Tensor {
	cut, from := make([]int, len(p.order)), make([]int, len(p.order))
	for i, part := range p.order {
		cut[i], from[part] = p.sizes[part], i
	}
	y := moved(&nn.Tensor{Shape: cut, Data: x.Data}, from)
	y.Shape = p.shape
	return scaledTensor(y, p.Factor)
}

// ToFile gives a tensor of the parameter's shape with the elements as the source has them.
func (p RecoveredParam) ToFile(x *nn.Tensor) (*nn.Tensor, error) {
	if p.Source == "" {
		return nil, fmt.Errorf("parameter %s: no tensor of the file holds its elements", p.Name)
	}
	if !slices.Equal(x.Shape, p.shape) {
		return nil, fmt.Errorf("parameter %s: a tensor of shape %v, need %v", p.Name, nn.Shape(x.Shape), nn.Shape(p.shape))
	}
	y := moved(&nn.Tensor{Shape: p.sizes, Data: x.Data}, p.order)
	y.Shape = p.file
	return scaledTensor(y, 1/p.Factor), nil
}

// Params tells for each parameter of the network, in their order, which initializer of the
// model it comes from, in which order of axes and with which factor. The model must be the
// one that was imported, and the parameters as they were: they are found by their values.
func (im *Imported) Params(m *graph.Model) []RecoveredParam {
	files := map[string]*nn.Tensor{}
	for _, t := range m.Graph.Initializers {
		if t.Type != graph.Float {
			continue
		}
		if v, err := t.Float32s(); err == nil {
			files[t.Name] = &nn.Tensor{Shape: dimsOf(t), Data: v}
		}
	}
	var all []RecoveredParam
	for _, p := range im.Network.Params() {
		r := RecoveredParam{Name: p.FullName(), shape: p.Shape}
		if l := im.Layer(p.Layer); l != nil {
			r.Sources = l.sources
		}
		for _, name := range r.Sources {
			if t := files[name]; t != nil && r.find(im.Network, p, t) {
				r.Source = name
				break
			}
		}
		all = append(all, r)
	}
	return all
}

// find looks for the order of axes in which a parameter is a multiple of a tensor.
func (r *RecoveredParam) find(net *nn.Network, p *nn.Param, t *nn.Tensor) bool {
	if len(t.Data) != len(p.Data) {
		return false
	}
	for _, sizes := range cutsOf(net, p) {
		for order := range permutations(len(sizes)) {
			if !joins(sizes, order, t.Shape) {
				continue
			}
			c := *r
			c.Factor, c.sizes, c.order, c.file = 1, sizes, order, t.Shape
			if f, ok := factorOf(p.Data, c.toNetwork(t).Data); ok {
				c.Factor = f
				*r = c
				return true
			}
		}
	}
	return false
}

// cutsOf are the ways to cut a parameter's shape into parts: by its axes, and the inputs of a
// dense layer behind a map by those of the map.
func cutsOf(net *nn.Network, p *nn.Param) [][]int {
	cuts := [][]int{slices.Clone(p.Shape)}
	n := net.Node(p.Layer)
	if len(p.Shape) != 2 || n == nil || len(n.Inputs) != 1 {
		return cuts
	}
	for in := net.Node(n.Inputs[0]); in != nil && len(in.Inputs) > 0; in = net.Node(in.Inputs[0]) {
		if len(in.Shape) == 3 && in.Shape.Size() == p.Shape[1] {
			return append(cuts, append([]int{p.Shape[0]}, in.Shape...))
		}
		if in.Shape.Size() != p.Shape[1] {
			break
		}
		if first := net.InputShape(); in.Inputs[0] == nn.InputName && len(first) == 3 && first.Size() == p.Shape[1] {
			return append(cuts, append([]int{p.Shape[0]}, first...))
		}
	}
	return cuts
}

// permutations yields the orders of n parts, the natural one first.
func permutations(n int) func(yield func([]int) bool) {
	return func(yield func([]int) bool) {
		order := make([]int, 0, n)
		var extend func() bool
		extend = func() bool {
			if len(order) == n {
				return yield(slices.Clone(order))
			}
			for i := range n {
				if !slices.Contains(order, i) {
					order = append(order, i)
					if !extend() {
						return false
					}
					order = order[:len(order)-1]
				}
			}
			return true
		}
		extend()
	}
}

// joins reports whether parts in an order, joined where they follow each other, have a shape.
// Axes of one element may stand anywhere.
func joins(sizes, order, shape []int) bool {
	k := 0
	for _, d := range shape {
		have := 1
		for have < d && k < len(order) {
			have *= sizes[order[k]]
			k++
		}
		if have != d {
			return false
		}
	}
	for ; k < len(order); k++ {
		if sizes[order[k]] != 1 {
			return false
		}
	}
	return true
}

// factorOf is the f for which a is f·b but for rounding; ok is false if there is none. Zeros
// have the factor 1.
func factorOf(a, b []float32) (f float32, ok bool) {
	var most float32
	f = 1
	for i, v := range b {
		if v := float32(math.Abs(float64(v))); v > most {
			f, most = a[i]/b[i], v
		}
	}
	for i, v := range b {
		if d := float64(a[i]) - float64(f)*float64(v); d-d != 0 || !(math.Abs(d) <= 1e-6*math.Abs(float64(a[i]))) {
			return 0, false
		}
	}
	return f, f != 0 && f-f == 0
}
