package landscape

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Direction is a vector in the space of a network's parameters: a number for each value of
// Network.Params, in their order, including those that are not trained.
type Direction []float64

// NewDirection is the zero direction of a network.
func NewDirection(net *nn.Network) Direction {
	n := 0
	for _, p := range net.Params() {
		n += len(p.Data)
	}
	return make(Direction, n)
}

// each calls f with the values of d for each parameter.
func (d Direction) each(net *nn.Network, f func(p *nn.Param, d Direction)) {
	for _, p := range net.Params() {
		n := len(p.Data)
		f(p, d[:n:n])
		d = d[n:]
	}
}

// FilterNormalized returns a direction of normally distributed numbers, scaled for each filter to
// the norm of the filter (Li et al. 2018). Filters are the parts of a weight along its first axis:
// the kernels of an output channel of a convolution (of a transposed one, whose weight has them
// second, those of an input channel), the weights of a unit of a dense layer. The direction is 0 at
// all other parameters, biases, normalisations and slopes, and at those that are frozen.
func FilterNormalized(net *nn.Network, rng *rand.Rand) Direction {
	d := NewDirection(net)
	d.each(net, func(p *nn.Param, d Direction) {
		if p.Role != nn.Weight {
			return
		}
		for i := range d {
			d[i] = rng.NormFloat64()
		}
		filters(p, func(lo, hi int) {
			scale := norm(p.Data[lo:hi]) / norm(d[lo:hi])
			for i := range d[lo:hi] {
				d[lo+i] *= scale
			}
		})
		if !p.Trained() { // after its numbers, so that the others do not depend on what is frozen
			clear(d)
		}
	})
	return d
}

// filterNorms has the norm of its filter for each weight, and 0 where FilterNormalized has 0.
func filterNorms(net *nn.Network) Direction {
	d := NewDirection(net)
	d.each(net, func(p *nn.Param, d Direction) {
		if p.Role != nn.Weight || !p.Trained() {
			return
		}
		filters(p, func(lo, hi int) {
			scale := norm(p.Data[lo:hi])
			for i := range d[lo:hi] {
				d[lo+i] = scale
			}
		})
	})
	return d
}

// filters calls f with the range of each part of a weight along its first axis.
func filters(p *nn.Param, f func(lo, hi int)) {
	size := len(p.Data) / p.Shape[0]
	for lo := 0; lo < len(p.Data); lo += size {
		f(lo, lo+size)
	}
}

// Between is the direction from network a to b: a + 1·d is b, with its running statistics. It is an
// error if they do not have the same layers.
func Between(a, b *nn.Network) (Direction, error) {
	if err := sameLayers(a, b); err != nil {
		return nil, fmt.Errorf("line between two networks: %w", err)
	}
	d := NewDirection(a)
	others := b.Params()
	d.each(a, func(p *nn.Param, d Direction) {
		for i, v := range others[0].Data {
			d[i] = float64(v) - float64(p.Data[i])
		}
		others = others[1:]
	})
	return d, nil
}

// sameLayers returns an error unless two networks are the same but for the values of their
// parameters.
func sameLayers(a, b *nn.Network) error {
	if len(a.Nodes()) != len(b.Nodes()) {
		return fmt.Errorf("one has %d layers, the other %d", len(a.Nodes()), len(b.Nodes()))
	}
	for i, m := range a.Nodes() {
		n := b.Nodes()[i]
		switch {
		case m.Name != n.Name:
			return fmt.Errorf("layer %d is %s in one and %s in the other", i+1, m.Name, n.Name)
		case m.Layer.Kind() != n.Layer.Kind():
			return fmt.Errorf("layer %s is %s in one and %s in the other", m.Name, m.Layer.Kind(), n.Layer.Kind())
		case !reflect.DeepEqual(m.Layer, n.Layer) || !slices.Equal(m.Inputs, n.Inputs) || !m.Shape.Equal(n.Shape):
			return fmt.Errorf("layer %s (%s) has other settings, inputs or shapes in one than in the other", m.Name, m.Layer.Kind())
		}
	}
	return nil
}

// term is a multiple of a direction.
type term struct {
	factor float64
	d      Direction
}

// move sets the parameters of net, a copy of origin, to those of origin and the terms.
func move(net, origin *nn.Network, terms ...term) {
	at := 0
	for k, p := range origin.Params() {
		to := net.Params()[k].Data
		for i, v := range p.Data {
			x := float64(v)
			for _, t := range terms {
				x += t.factor * t.d[at+i]
			}
			to[i] = float32(x)
		}
		at += len(p.Data)
	}
}

// norm is the Euclidean norm of a vector.
func norm[T float32 | float64](v []T) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}
