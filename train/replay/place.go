package replay

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/bundle"
)

// A recorded parameter may lie in the network with its axes in another order, its rows
// permuted, its sign changed, or in several places. To find out where each element is, the
// initializers of the start get values that occur once, and the network that is recovered
// from that model says where they have gone.

// placement says where the elements of recorded parameters are in a network.
type placement struct {
	imported *onnxio.Imported
	params   map[string]*source // by full name of the network's parameter
	dropouts map[string]string  // name of a Dropout layer → of its masks
}

// source says where the elements of a network's parameter come from: each is a recorded one by
// a factor, and a shift more.
type source struct {
	name   string    // of the recorded parameter
	at     []int32   // element of it, by element of the network's parameter
	factor []float32 // not 0
	shift  []float32
}

// Tags are the float32 numbers from 0.25 to below 1, in an order that spreads them.
const (
	firstTag = 0x3E800000 // the bits of 0.25
	numTags  = 1 << 24
	spread   = 0x9E3779B1 // odd, so that multiplying by it modulo 2²⁴ is a permutation
)

func tag(i int) float32 {
	return math.Float32frombits(firstTag + uint32(uint64(i)*spread%numTags))
}

// untag is the inverse of tag for a number or its negative.
func untag(v float32) (i int, sign float32, ok bool) {
	sign = 1
	if v < 0 {
		v, sign = -v, -1
	}
	bits := math.Float32bits(v)
	if bits < firstTag || bits >= firstTag+numTags {
		return 0, 0, false
	}
	return int(uint64(bits-firstTag) * inverse(spread) % numTags), sign, true
}

// inverse is that of an odd number modulo 2⁶⁴, by Newton's iteration.
func inverse(a uint64) uint64 {
	x := a
	for range 6 {
		x *= 2 - a*x
	}
	return x
}

// place imports the start of a bundle and finds its parameters in the network.
func place(b *bundle.Bundle) (*placement, error) {
	file := b.Path(bundle.ModelFile)
	m, err := graph.ReadFile(file)
	if err != nil {
		return nil, err
	}
	fail := func(err error) error { return &bundle.Error{File: file, Err: err} }
	t, err := tagged(m, &b.Description, tag)
	if err != nil {
		return nil, fail(err)
	}
	im, err := onnxio.Import(m)
	if err != nil {
		return nil, fail(err)
	}
	p := &placement{imported: im, params: map[string]*source{}, dropouts: map[string]string{}}
	for _, param := range im.Network.Params() {
		if s := t.sourceOf(param.Data); s != nil {
			p.params[param.FullName()] = s
		}
	}
	for _, n := range im.Network.Nodes() {
		if d, ok := n.Layer.(layer.Dropout); ok {
			if p.dropouts[n.Name] = t.rates[d.Rate]; t.layers[n.Name] != "" {
				p.dropouts[n.Name] = t.layers[n.Name]
			}
		}
	}
	if p.lost(b) != nil {
		if err := p.findFolded(b, t); err != nil {
			return nil, fail(err)
		}
	}
	if err := p.checkWhole(b); err != nil {
		return nil, fail(err)
	}
	return p, nil
}

// tags say which parameter each tag belongs to.
type tags struct {
	names  []string
	first  []int              // the tag of element 0 of each
	size   int                // their number
	rates  map[float32]string // names of masks by the ratio of their Dropout
	layers map[string]string  // and by the layer, where that is known
}

// tagged gives the initializers that are recorded parameters, and the ratios of Dropout, values
// of their own: value gives that of each element of all parameters.
func tagged(m *graph.Model, d *bundle.Description, value func(i int) float32) (*tags, error) {
	at := map[string]int{}
	for i, t := range m.Graph.Initializers {
		at[t.Name] = i
	}
	t := &tags{rates: map[float32]string{}, layers: map[string]string{}}
	next := 0
	var missing []string
	for _, p := range d.Parameters {
		i, ok := at[p.Name]
		if !ok {
			missing = append(missing, p.Name)
			continue
		}
		old := m.Graph.Initializers[i]
		n := nn.Shape(p.Shape).Size()
		if size, err := old.Len(); err != nil || int(size) != n {
			return nil, fmt.Errorf("initializer %q has dims %v, but the parameter is of shape %v", p.Name, old.Dims, nn.Shape(p.Shape))
		}
		if next+n > numTags {
			return nil, fmt.Errorf("more than %d parameters are not replayed", numTags)
		}
		values := make([]float32, n)
		for k := range values {
			values[k] = value(next + k)
		}
		m.Graph.Initializers[i] = graph.Float32Tensor(p.Name, old.Dims, values)
		t.names, t.first = append(t.names, p.Name), append(t.first, next)
		next += n
	}
	t.size = next
	if len(missing) > 0 {
		return nil, fmt.Errorf("it has no initializers %s, which are recorded parameters", strings.Join(missing, ", "))
	}
	for k, p := range d.Dropout {
		if p.Layer != "" {
			t.layers[p.Layer] = p.Name
			continue
		}
		i, ok := at[p.Name]
		if !ok {
			return nil, fmt.Errorf("it has no ratio %q of a Dropout", p.Name)
		}
		rate := float32(k+1) / float32(len(d.Dropout)+1)
		m.Graph.Initializers[i] = graph.Float32Tensor(p.Name, m.Graph.Initializers[i].Dims, []float32{rate})
		t.rates[rate] = p.Name
	}
	return t, nil
}

// sourceOf is where values come from; nil if they are not all of one recorded parameter.
func (t *tags) sourceOf(values []float32) *source {
	s := newSource(len(values))
	for k, v := range values {
		i, sign, ok := untag(v)
		if !ok || !t.set(s, k, i) {
			return nil
		}
		s.factor[k] = sign
	}
	return s
}

func newSource(n int) *source {
	return &source{at: make([]int32, n), factor: make([]float32, n), shift: make([]float32, n)}
}

// set says that element k is that of tag i; false if that is one of another parameter than those
// before.
func (t *tags) set(s *source, k, i int) bool {
	at, exact := slices.BinarySearch(t.first, i)
	if !exact {
		at--
	}
	if at < 0 || s.name != "" && t.names[at] != s.name {
		return false
	}
	s.name, s.at[k] = t.names[at], int32(i-t.first[at])
	return true
}

// lost lists the recorded parameters of which an element has no place.
func (p *placement) lost(b *bundle.Bundle) (names []string) {
	covered := map[string][]bool{}
	for _, s := range p.params {
		for _, i := range s.at {
			if int(i) >= len(covered[s.name]) {
				covered[s.name] = append(covered[s.name], make([]bool, int(i)+1-len(covered[s.name]))...)
			}
			covered[s.name][i] = true
		}
	}
	for _, param := range b.Parameters {
		if c := covered[param.Name]; len(c) != nn.Shape(param.Shape).Size() || slices.Contains(c, false) {
			names = append(names, param.Name)
		}
	}
	return names
}

// checkWhole returns an error unless every element of every recorded parameter has a place, and
// every mask its layer.
func (p *placement) checkWhole(b *bundle.Bundle) error {
	if lost := p.lost(b); len(lost) > 0 {
		return fmt.Errorf("%s: the network that was recovered has no parameter with these values, in any order and sign, or with a constant in them; its layers are %s",
			strings.Join(lost, ", "), layersOf(p.imported.Network))
	}
	dropped := slices.DeleteFunc(slices.Collect(maps.Values(p.dropouts)), func(name string) bool { return name == "" })
	if len(dropped) != len(b.Dropout) {
		return fmt.Errorf("%d of the network's Dropout layers are among the %d recorded", len(dropped), len(b.Dropout))
	}
	return nil
}

func layersOf(net *nn.Network) string {
	var names []string
	for _, n := range net.Nodes() {
		names = append(names, n.Name+" ("+n.Layer.Kind()+")")
	}
	return strings.Join(names, ", ")
}

// put writes recorded values to the network.
func (p *placement) put(params []*nn.Param, values map[string][]float32) {
	for _, param := range params {
		if s := p.params[param.FullName()]; s != nil {
			from := values[s.name]
			for k, i := range s.at {
				param.Data[k] = s.factor[k]*from[i] + s.shift[k]
			}
		}
	}
}

// gather adds up gradients of the network's parameters in the recorded layout.
func (p *placement) gather(grads nn.Grads, into map[string][]float32) {
	for _, v := range into {
		clear(v)
	}
	for param, g := range grads {
		s := p.params[param.FullName()]
		if s == nil || into[s.name] == nil {
			continue
		}
		to := into[s.name]
		for k, i := range s.at {
			to[i] += s.factor[k] * g[k]
		}
	}
}

// statistics reads the network's running statistics in the recorded layout.
func (p *placement) statistics(net *nn.Network, into map[string][]float32) {
	for _, param := range net.Params() {
		if s := p.params[param.FullName()]; s != nil && into[s.name] != nil && param.Role == nn.Statistic {
			for k, i := range s.at {
				into[s.name][i] = (param.Data[k] - s.shift[k]) / s.factor[k]
			}
		}
	}
}
