package parity

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
)

// Unplaced is a recorded tensor that is the output of no layer, as far as its name and its
// shape tell.
type Unplaced struct {
	Name  string   `json:"name"`
	Shape nn.Shape `json:"shape"`
	Why   string   `json:"why"`
	// In is the layer that computes it together with what the layer gives, "" if none does.
	In string `json:"in,omitempty"`

	value *nn.Tensor // as recorded
	only  string     // the layer that alone it may be the value of, "" if that is open
}

// placed is a recorded tensor that is the output of a layer.
type placed struct {
	name  string     // in the recording
	value *nn.Tensor // as the network has it
	// guessed: neither the file nor the numbers tell that it is this layer's, but only the
	// order of both, or a name that the importer made up.
	guessed bool
	// other is the tensor with its channels as the last axis, or the first, where its shape
	// allows both.
	other *nn.Tensor
}

// placement says which recorded tensors belong to which layers.
type placement struct {
	net      *nn.Network
	im       *onnxio.Imported    // nil if the recording is of a network of gonn's
	batch    int                 // samples of the input
	of       map[string]placed   // by layer
	misfits  map[string]Unplaced // those of another shape than their layer, by layer
	unplaced []Unplaced
	last     bool // where shapes allow both, channels are the last axis
	oriented bool // the shapes of some maps allow one order only
	order    []string
	own      bool // the recording is of a network of gonn's: its axes are the network's
}

// candidate is a recorded tensor and a layer that may be its, while the order of its axes is
// open.
type candidate struct {
	name, layer string
	first, last *nn.Tensor // as the network has it, if channels were recorded first, or last
	guessed     bool
}

// place finds the layers of recorded tensors. Their names are those of the file's values, of
// which it is known how they lie; or of modules or layers of the author's, which the
// framework gives either as the file does or with its own order of axes; or of the network's
// layers. What has none of these follows the order in which it was recorded, if that is
// known.
func place(im *onnxio.Imported, batch int, recorded map[string]*nn.Tensor, order []string) *placement {
	p := newPlacement(im.Network, batch)
	p.im, p.last = im, slices.Equal(im.InputOrder, onnxio.AxisOrder{0, 2, 3, 1})
	calls := inFile(im, recorded)
	return p.place(recorded, order, func(name string) home { return homeIn(im, calls, name) })
}

// placeLayers is place for the outputs of another network's layers.
func placeLayers(net *nn.Network, batch int, outputs map[string]*nn.Tensor, order []string) *placement {
	p := newPlacement(net, batch)
	p.own = true
	return p.place(outputs, order, func(name string) home {
		if net.Node(name) == nil {
			return home{}
		}
		return home{layer: name}
	})
}

func newPlacement(net *nn.Network, batch int) *placement {
	return &placement{net: net, batch: batch, of: map[string]placed{}, misfits: map[string]Unplaced{}}
}

// place enters tensors. find is where a name belongs.
func (p *placement) place(recorded map[string]*nn.Tensor, order []string, find func(name string) home) *placement {
	var open []candidate
	var rest []string
	vague := map[string]string{} // why, of names of which it does not show which of several layers they are
	mixed := false               // values of the file do not lie as there
	p.order = order
	for _, name := range inOrder(recorded, order) {
		x := recorded[name]
		at := find(name)
		v, layer := at.value, at.layer
		if at.vague != "" {
			vague[name] = at.vague
			continue
		}
		if layer == "" || v.Name == "" && order != nil { // a name that the importer made up may be another layer's
			rest = append(rest, name)
			continue
		}
		if y, err := v.ToNetwork(x); v.Name == name && err == nil && p.fits(layer, y) {
			c := candidate{name: name, layer: layer}
			c.first, c.last = p.asLayer(layer, x)
			p.oriented = p.oriented || len(x.Shape) == 4 && (c.first == nil || c.last == nil)
			p.enter(c, y)
			continue
		}
		c := candidate{name: name, layer: layer, guessed: v.Name == ""}
		if c.first, c.last = p.asLayer(layer, x); c.first == nil && c.last == nil {
			p.misfit(c, x)
			continue
		}
		mixed = mixed || v.Name == name
		open = append(open, c)
	}
	if order != nil {
		var follow []candidate
		follow, rest = p.follow(open, rest, recorded)
		open = append(open, follow...)
	}
	last := p.channelsLast(open)
	p.oriented = p.oriented && !mixed
	for _, c := range open {
		y := c.first
		if y == nil || last && c.last != nil {
			y = c.last
		}
		p.enter(c, y)
	}
	for _, name := range rest {
		if x := recorded[name]; !p.repeats(x, recorded) {
			p.leave(name, x, "no value of the file, module or layer has this name")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(vague)) {
		if x := recorded[name]; !p.repeats(x, recorded) {
			p.leave(name, x, vague[name])
		}
	}
	return p
}

// repeats reports whether a tensor was recorded for a layer too: that of a module which changes
// nothing, such as a Dropout.
func (p *placement) repeats(x *nn.Tensor, recorded map[string]*nn.Tensor) bool {
	for _, l := range p.of {
		if y := recorded[l.name]; y != nil && slices.Equal(x.Shape, y.Shape) && sameData(x, y) {
			return true
		}
	}
	return false
}

// inOrder lists the names of a recording, in the order in which they were recorded if that is
// known.
func inOrder(recorded map[string]*nn.Tensor, order []string) []string {
	names := slices.Sorted(maps.Keys(recorded))
	if order == nil {
		return names
	}
	slices.SortStableFunc(names, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	return names
}

// fits reports whether a tensor has the shape of a layer's output.
func (p *placement) fits(layer string, x *nn.Tensor) bool {
	return len(x.Shape) > 0 && x.Shape[0] == p.batch && shapeOf(p.net, layer).Equal(x.Shape[1:])
}

// misfit notes a tensor whose shape is not its layer's. If the name is the file's, it is the
// layer that is another.
func (p *placement) misfit(c candidate, x *nn.Tensor) {
	why := fmt.Sprintf("layer %s gives %v", c.layer, shapeOf(p.net, c.layer).Batched())
	if len(x.Shape) > 0 && x.Shape[0] != p.batch {
		p.leave(c.name, x, fmt.Sprintf("%s, of the %d samples of the input", why, p.batch))
		return
	}
	if _, taken := p.of[c.layer]; !taken && !c.guessed && len(x.Shape) > 0 && len(x.Data) != x.Shape[0]*shapeOf(p.net, c.layer).Size() {
		p.misfits[c.layer] = Unplaced{Name: c.name, Shape: x.Shape, Why: why, value: x}
		return
	}
	p.leave(c.name, x, why)
}

// enter gives a layer its tensor. A second name for the same tensor, such as that of the
// module around a layer, is left out.
func (p *placement) enter(c candidate, x *nn.Tensor) {
	first, taken := p.of[c.layer]
	switch {
	case !taken:
	case first.guessed && !c.guessed:
		p.leave(first.name, first.value, fmt.Sprintf("layer %s has %q", c.layer, c.name))
	case sameData(first.value, x):
		return
	default:
		p.leave(c.name, x, fmt.Sprintf("layer %s has %q already", c.layer, first.name))
		return
	}
	entered := placed{name: c.name, value: x, guessed: c.guessed, other: c.last}
	if c.last != nil && sameData(c.last, x) {
		entered.other = c.first
	}
	p.of[c.layer] = entered
}

// enterOutput gives the last layer the output, unless it has a tensor of its own.
func (p *placement) enterOutput(name string, x *nn.Tensor) {
	last := p.net.Outputs()[0].Name
	now, taken := p.of[last]
	if taken && (!now.guessed || sameData(now.value, x)) {
		return
	}
	if taken {
		p.leave(now.name, now.value, fmt.Sprintf("layer %s has %q", last, name))
	}
	p.of[last] = placed{name: name, value: x}
}

func (p *placement) leave(name string, x *nn.Tensor, why string) {
	p.unplaced = append(p.unplaced, Unplaced{Name: name, Shape: x.Shape, Why: why, value: x})
}

// channelsLast reports whether maps were recorded as (N, H, W, C), by the shapes that allow
// one order only.
func (p *placement) channelsLast(open []candidate) bool {
	votes := 0
	for _, c := range open {
		switch {
		case mapOf(p.net, c.layer) == nil: // a vector lies in one way
		case c.first == nil:
			votes++
		case c.last == nil:
			votes--
		}
	}
	p.oriented = p.oriented || votes != 0
	return votes > 0 || votes == 0 && p.last
}

// asLayer gives a recorded tensor as the network has the layer's output: if its channels are
// the first axis behind the batch, and if they are the last; nil where the shape is another.
func (p *placement) asLayer(layer string, x *nn.Tensor) (first, last *nn.Tensor) {
	net, want := p.net, shapeOf(p.net, layer)
	if len(x.Shape) == 0 || x.Shape[0] != p.batch || len(x.Data) != p.batch*want.Size() {
		return nil, nil
	}
	wide := slices.DeleteFunc(slices.Clone(x.Shape[1:]), isOne)
	shape := append([]int{p.batch}, want...)
	if slices.Equal(wide, slices.DeleteFunc(slices.Clone(want), isOne)) {
		first = &nn.Tensor{Shape: shape, Data: x.Data}
	}
	from := mapOf(net, layer)
	if from == nil || p.own {
		return first, nil
	}
	moved := nn.Shape{from[1], from[2], from[0]}
	if slices.Equal(wide, slices.DeleteFunc(slices.Clone(moved), isOne)) || len(want) == 1 && first != nil {
		order := onnxio.AxisOrder{0, 2, 3, 1}
		if y, err := order.ToNetwork(&nn.Tensor{Shape: append([]int{p.batch}, moved...), Data: x.Data}); err == nil {
			last = &nn.Tensor{Shape: shape, Data: y.Data}
		}
	}
	return first, last
}

// sameData reports whether two tensors have the same numbers; NaN is the same as NaN.
func sameData(a, b *nn.Tensor) bool {
	return slices.EqualFunc(a.Data, b.Data, func(v, w float32) bool { return v == w || isNaN(v) && isNaN(w) })
}

func isNaN(v float32) bool { return v != v }

func isOne(d int) bool { return d == 1 }

// mapOf is the shape (C, H, W) of the map that a layer gives, or that its features lie in: of
// a flattened one, and of what works on this element by element. It is nil for other
// features.
func mapOf(net *nn.Network, layer string) nn.Shape {
	for {
		shape := shapeOf(net, layer)
		if len(shape) == 3 {
			return shape
		}
		n := net.Node(layer)
		if n == nil || len(n.Inputs) == 0 || shapeOf(net, n.Inputs[0]).Size() != shape.Size() || n.Layer.Kind() == "Dense" {
			return nil
		}
		layer = n.Inputs[0]
	}
}
