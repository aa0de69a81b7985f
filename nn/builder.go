package nn

import (
	"errors"
	"fmt"
	"slices"
)

// Builder puts a network together, layer by layer. Errors are collected and told
// by Build, all at once.
type Builder struct {
	net  *Network
	from *Network // where Build takes parameter values from, if not nil
	errs []error

	badInput bool // the network's input is in error
}

// NewBuilder starts a network that takes samples of the given shape.
func NewBuilder(input Shape) *Builder {
	b := &Builder{net: &Network{input: input, byName: map[string]*Node{}}}
	if len(input) == 0 {
		b.errs = append(b.errs, errors.New("network input: an empty shape; need (C, H, W) or (N)"))
	}
	if err := input.check(maxMap); err != nil {
		b.errs = append(b.errs, fmt.Errorf("network input: %w", err))
	}
	b.badInput = len(b.errs) > 0
	return b
}

// Limits on numbers of elements, so that a shape that nobody meant is an error and
// not an end of memory.
const (
	maxMap   = 1 << 24 // of a feature map, for one sample; a block of them takes 1 GiB
	maxParam = 1 << 28 // of a parameter
)

// check reports whether all dimensions are positive and their product is in the limit.
func (s Shape) check(limit int) error {
	n := 1
	for _, d := range s {
		if d < 1 {
			return fmt.Errorf("shape %v has a dimension below 1", s)
		}
		if d > limit/n {
			return fmt.Errorf("shape %v has more than %d elements", s, limit)
		}
		n *= d
	}
	return nil
}

// Builder starts a new network from the layers and the parameter values of n.
// edit, if not nil, may exchange a layer: it gets each node and returns the layer
// to take. More layers may be added at the end.
func (n *Network) Builder(edit func(*Node) Layer) *Builder {
	b := NewBuilder(n.input)
	b.from = n
	for _, node := range n.nodes {
		l := node.Layer
		if edit != nil {
			l = edit(node)
		}
		b.Add(node.Name, l, node.Inputs...)
	}
	return b
}

// Add appends a layer that reads the named ones; without names it reads the
// layer added before it, or the network's input if it is the first.
func (b *Builder) Add(name string, l Layer, inputs ...string) *Builder {
	if err := b.add(name, l, inputs); err != nil {
		b.errs = append(b.errs, fmt.Errorf("layer %q (%s): %w", name, l.Kind(), err))
	}
	return b
}

func (b *Builder) add(name string, l Layer, inputs []string) error {
	net := b.net
	if name == "" || name == InputName {
		return fmt.Errorf("%q cannot be a layer's name", name)
	}
	if net.byName[name] != nil {
		return errors.New("the name is taken by an earlier layer")
	}
	if len(inputs) == 0 {
		inputs = []string{InputName}
		if len(net.nodes) > 0 {
			inputs[0] = net.last().Name
		}
	}
	node := &Node{Name: name, Layer: l, Inputs: inputs, at: len(net.nodes), first: len(net.params)}
	// The node is entered even when it does not fit, so that later layers do not
	// complain about a missing name too.
	defer func() {
		net.nodes = append(net.nodes, node)
		net.byName[name] = node
	}()
	shapes, err := b.resolve(node)
	if err != nil || shapes == nil {
		return err
	}
	op, err := l.Bind(shapes)
	if err != nil {
		return err
	}
	if err := checkSizes(op); err != nil {
		return err
	}
	node.op, node.Shape = op, op.Shape()
	for _, spec := range op.Params() {
		p := &Param{ParamSpec: spec, Layer: name}
		node.Params = append(node.Params, p)
		net.params = append(net.params, p)
	}
	return nil
}

// checkSizes holds a layer's output and parameters against the limits.
func checkSizes(op Op) error {
	if err := op.Shape().check(maxMap); err != nil {
		return fmt.Errorf("output: %w", err)
	}
	for _, spec := range op.Params() {
		if err := spec.Shape.check(maxParam); err != nil {
			return fmt.Errorf("%s: %w", spec.Name, err)
		}
	}
	return nil
}

// resolve finds the inputs of a node. No shapes and no error means that an input
// is itself in error, which has been told already.
func (b *Builder) resolve(node *Node) ([]Shape, error) {
	var shapes []Shape
	broken := false
	for _, in := range node.Inputs {
		if in == InputName {
			node.in = append(node.in, -1)
			shapes = append(shapes, b.net.input)
			broken = broken || b.badInput
			continue
		}
		i := b.net.index(in)
		if i < 0 {
			return nil, fmt.Errorf("reads %q, which is no earlier layer", in)
		}
		node.in = append(node.in, i)
		shapes = append(shapes, b.net.nodes[i].Shape)
		broken = broken || b.net.nodes[i].op == nil
	}
	if broken {
		return nil, nil
	}
	return shapes, nil
}

// index is the place of a layer, −1 if there is none of that name.
func (n *Network) index(name string) int {
	if node := n.byName[name]; node != nil {
		return node.at
	}
	return -1
}

// ShapeOf is the shape that a layer added so far gives (or the network's input, by
// InputName); nil if there is none of that name or it is in error.
func (b *Builder) ShapeOf(name string) Shape {
	if name == InputName {
		return b.net.input
	}
	if node := b.net.byName[name]; node != nil {
		return node.Shape
	}
	return nil
}

// Build checks the whole and returns the network, its parameters zero and its constants
// as their layers start them (or, after Network.Builder, both as they were there). The last layer added is the output; every
// other layer must be read by a later one.
func (b *Builder) Build() (*Network, error) {
	net := b.net
	if len(net.nodes) == 0 && len(b.errs) == 0 {
		b.errs = append(b.errs, errors.New("network: it has no layers"))
	}
	b.checkUsed()
	if len(b.errs) > 0 {
		return nil, errors.Join(b.errs...)
	}
	net.allocate()
	net.markGradients()
	net.alone.New = func() any { return newSingle(net) }
	if b.from != nil {
		for _, p := range net.params {
			if q := b.from.Param(p.FullName()); q != nil && q.Shape.Equal(p.Shape) {
				copy(p.Data, q.Data)
			}
		}
	}
	return net, nil
}

func (b *Builder) checkUsed() {
	used := map[string]bool{}
	for _, node := range b.net.nodes {
		for _, in := range node.Inputs {
			used[in] = true
		}
	}
	for i, node := range b.net.nodes {
		if !used[node.Name] && i < len(b.net.nodes)-1 {
			b.errs = append(b.errs, fmt.Errorf("layer %q (%s): no later layer reads it and it is not the last", node.Name, node.Layer.Kind()))
		}
	}
}

// allocate lays all parameters out in one vector, so that optimizers, gradient
// sums and checkpoints are plain loops over it.
func (n *Network) allocate() {
	size := 0
	for _, p := range n.params {
		size += p.Shape.Size()
	}
	n.flat = make([]float32, size)
	views := n.split(n.flat)
	for i, p := range n.params {
		p.Data = views[i]
		if p.Role == Constant && p.Start != nil {
			fill(p.Data, *p.Start)
		}
	}
	for _, node := range n.nodes {
		node.weights = views[node.first : node.first+len(node.Params)]
	}
}

// split cuts a vector laid out like n.flat into one view a parameter.
func (n *Network) split(flat []float32) Weights {
	views := make(Weights, len(n.params))
	off := 0
	for i, p := range n.params {
		end := off + p.Shape.Size()
		views[i] = flat[off:end:end]
		off = end
	}
	return views
}

// markGradients finds which inputs need a gradient: those behind which there is a
// trained parameter. The network's input needs none.
func (n *Network) markGradients() {
	learns := make([]bool, len(n.nodes))
	for i, node := range n.nodes {
		learns[i] = slices.ContainsFunc(node.Params, func(p *Param) bool { return p.Role.Trained() })
		node.back = make([]bool, len(node.in))
		for k, in := range node.in {
			node.back[k] = in >= 0 && learns[in]
			learns[i] = learns[i] || node.back[k]
		}
	}
}
