package nn

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/internal/exec"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Builder builds a network layer by layer. Errors are collected; Build returns them all.
type Builder struct {
	net     *Network
	from    *Network // where Build takes parameter values from, if not nil
	outputs []string // nil: the last layer
	errs    []error

	badInputs map[string]bool // inputs that are in error
	built     bool            // net is the user's and must not change any more
}

// errBuilt is what becomes of a builder that is used on.
var errBuilt = errors.New("network: it is built already; Network.Builder gives a builder with its layers")

// NewBuilder returns a builder of a network with one input, InputName, for samples of the given
// shape. If input is nil, Input adds the inputs.
func NewBuilder(input Shape) *Builder {
	b := &Builder{net: &Network{byName: map[string]*Node{}}, badInputs: map[string]bool{}}
	b.net.options.Store(&options{})
	if input != nil {
		b.Input(InputName, input)
	}
	return b
}

// Input adds an input of the network, for samples of the given shape: (C, H, W) or (N).
func (b *Builder) Input(name string, s Shape) *Builder {
	if b.built {
		b.errs = append(b.errs, errBuilt)
		return b
	}
	s = slices.Clone(s)
	what := "network input"
	if name != InputName {
		what = fmt.Sprintf("network input %q", name)
	}
	errs := len(b.errs)
	if name == "" || b.inputIndex(name) >= 0 || b.net.byName[name] != nil {
		b.errs = append(b.errs, fmt.Errorf("%s: the name is empty or taken", what))
	}
	if len(s) == 0 {
		b.errs = append(b.errs, fmt.Errorf("%s: an empty shape; need (C, H, W) or (N)", what))
	}
	if err := s.Check(op.MaxElements); err != nil {
		b.errs = append(b.errs, fmt.Errorf("%s: %w", what, err))
	}
	b.net.inputs = append(b.net.inputs, Port{name, s})
	b.badInputs[name] = len(b.errs) > errs
	return b
}

// Outputs sets the layers that are outputs of the network. By default it is the last layer.
func (b *Builder) Outputs(names ...string) *Builder {
	b.outputs = slices.Clone(names)
	if b.built {
		b.errs = append(b.errs, errBuilt)
	}
	return b
}

// inputIndex is the index of an input, −1 if there is none of that name.
func (b *Builder) inputIndex(name string) int {
	return slices.IndexFunc(b.net.inputs, func(p Port) bool { return p.Name == name })
}

// maxParam is the limit for the elements of a parameter, as op.MaxElements is for those of a
// feature map.
const maxParam = 1 << 28

// Builder returns a builder with the layers and the parameter values of n. edit, if not nil,
// returns the layer to use for each node. More layers may be added.
func (n *Network) Builder(edit func(*Node) Layer) *Builder {
	b := n.emptyBuilder()
	for _, node := range n.nodes {
		l := node.Layer
		if edit != nil {
			l = edit(node)
		}
		b.Add(node.Name, l, node.Inputs...)
	}
	return b
}

// emptyBuilder has the inputs and outputs of n, and no layers yet.
func (n *Network) emptyBuilder() *Builder {
	b := NewBuilder(nil)
	for _, p := range n.inputs {
		b.Input(p.Name, p.Shape)
	}
	b.from = n
	if n.output() != n.nodes[len(n.nodes)-1] || len(n.outputs) > 1 {
		for _, o := range n.outputs {
			b.outputs = append(b.outputs, n.nodes[o].Name)
		}
	}
	return b
}

// Add adds a layer with the named inputs. Without names its input is the layer added before it,
// or the network's first input for the first layer.
func (b *Builder) Add(name string, l Layer, inputs ...string) *Builder {
	switch {
	case b.built:
		b.errs = append(b.errs, errBuilt)
	case l == nil:
		b.errs = append(b.errs, fmt.Errorf("layer %q: there is none, the layer is nil", name))
	default:
		b.addLayer(name, l, inputs)
	}
	return b
}

func (b *Builder) addLayer(name string, l Layer, inputs []string) {
	if err := b.add(name, l, slices.Clone(inputs)); err != nil {
		b.errs = append(b.errs, fmt.Errorf("layer %q (%s): %w", name, l.Kind(), err))
	}
}

func (b *Builder) add(name string, l Layer, inputs []string) error {
	net := b.net
	if name == "" || name == InputName || b.inputIndex(name) >= 0 {
		return fmt.Errorf("%q cannot be a layer's name", name)
	}
	if net.byName[name] != nil {
		return errors.New("the name is taken by an earlier layer")
	}
	if len(inputs) == 0 {
		switch {
		case len(net.nodes) > 0:
			inputs = []string{net.nodes[len(net.nodes)-1].Name}
		case len(net.inputs) > 0:
			inputs = []string{net.inputs[0].Name}
		}
	}
	node := &Node{Name: name, Layer: l, Inputs: inputs, at: len(net.nodes), first: len(net.params)}
	// The node is added even if it is in error, so that layers that read it do not report a
	// missing name too.
	defer func() {
		net.nodes = append(net.nodes, node)
		net.byName[name] = node
	}()
	shapes, err := b.resolve(node)
	if err != nil || shapes == nil {
		return err
	}
	bound, err := l.Bind(shapes)
	if err != nil {
		return err
	}
	if bound == nil {
		return errors.New("Bind gives neither an op nor an error")
	}
	if err := checkSizes(bound); err != nil {
		return err
	}
	if err := checkOp(bound, shapes); err != nil {
		return err
	}
	node.op, node.Shape = bound, bound.Shape()
	for _, spec := range bound.Params() {
		p := &Param{ParamSpec: spec, Layer: name}
		node.Params = append(node.Params, p)
		net.params = append(net.params, p)
	}
	return nil
}

// checkSizes checks the sizes of a layer's output and parameters.
func checkSizes(o op.Op) error {
	if len(o.Shape()) == 0 {
		return errors.New("output: an empty shape; need (C, H, W) or (N)")
	}
	if err := o.Shape().Check(op.MaxElements); err != nil {
		return fmt.Errorf("output: %w", err)
	}
	names := map[string]bool{}
	for _, spec := range o.Params() {
		if spec.Name == "" {
			return errors.New("a parameter has no name (ParamSpec.Name)")
		}
		if err := checkSpec(spec); err != nil {
			return fmt.Errorf("%s: %w", spec.Name, err)
		}
		if names[spec.Name] {
			return fmt.Errorf("%s: two parameters have this name", spec.Name)
		}
		names[spec.Name] = true
	}
	return nil
}

// resolve finds the inputs of a node. If it returns neither shapes nor an error, an input is in
// error, which has been reported already.
func (b *Builder) resolve(node *Node) ([]Shape, error) {
	var shapes []Shape
	broken := false
	for _, in := range node.Inputs {
		if k := b.inputIndex(in); k >= 0 {
			node.in = append(node.in, exec.Input(k))
			shapes = append(shapes, b.net.inputs[k].Shape)
			broken = broken || b.badInputs[in]
			continue
		}
		i := b.net.index(in)
		if i < 0 {
			return nil, fmt.Errorf("reads %q, which is not an earlier layer", in)
		}
		node.in = append(node.in, exec.Value(i))
		shapes = append(shapes, b.net.nodes[i].Shape)
		broken = broken || b.net.nodes[i].op == nil
	}
	if broken {
		return nil, nil
	}
	return shapes, nil
}

// index is the index of a layer, −1 if there is none of that name.
func (n *Network) index(name string) int {
	if node := n.byName[name]; node != nil {
		return node.at
	}
	return -1
}

// ShapeOf is the output shape of a layer added so far, or the shape of an input; nil if there is
// none of that name or it is in error.
func (b *Builder) ShapeOf(name string) Shape {
	if k := b.inputIndex(name); k >= 0 {
		return b.net.inputs[k].Shape
	}
	if node := b.net.byName[name]; node != nil {
		return node.Shape
	}
	return nil
}

// Build returns the network, or all errors so far. Every input, and every layer that is not an
// output, must be read by a layer. Parameters are zero and constants have their values. After
// Network.Builder, parameters with the same name and shape keep their values and whether they
// are frozen. A builder builds one network.
func (b *Builder) Build() (*Network, error) {
	if b.built {
		return nil, errBuilt
	}
	net := b.net
	if len(net.inputs) == 0 {
		b.errs = append(b.errs, errors.New("network input: there is none; give NewBuilder a shape, or name one with Input"))
	}
	if len(net.nodes) == 0 && len(b.errs) == 0 {
		b.errs = append(b.errs, errors.New("network: it has no layers"))
	}
	b.findOutputs()
	b.checkUsed()
	if len(b.errs) > 0 {
		return nil, errors.Join(b.errs...)
	}
	net.allocate()
	if b.from != nil {
		net.inherit(b.from)
	}
	b.built = true
	return net, nil
}

// inherit copies parameters of the same names and shapes.
func (n *Network) inherit(from *Network) {
	for _, p := range n.params {
		if q := from.Param(p.FullName()); q != nil && q.Shape.Equal(p.Shape) {
			copy(p.Data, q.Data)
			p.Frozen = q.Frozen
		}
	}
}

func (b *Builder) findOutputs() {
	if b.outputs == nil {
		b.net.outputs = []int{len(b.net.nodes) - 1}
		return
	}
	if len(b.outputs) == 0 {
		b.errs = append(b.errs, errors.New("network: it has no output"))
	}
	for i, name := range b.outputs {
		at := b.net.index(name)
		if at < 0 {
			b.errs = append(b.errs, fmt.Errorf("network output %q: there is no layer of that name", name))
		}
		if slices.Contains(b.outputs[:i], name) {
			b.errs = append(b.errs, fmt.Errorf("network output %q: it is named twice", name))
		}
		b.net.outputs = append(b.net.outputs, at)
	}
}

func (b *Builder) checkUsed() {
	used := map[string]bool{}
	for _, node := range b.net.nodes {
		for _, in := range node.Inputs {
			used[in] = true
		}
	}
	for i, node := range b.net.nodes {
		if used[node.Name] || slices.Contains(b.net.outputs, i) {
			continue
		}
		what := "and it is not the last"
		if b.outputs != nil {
			what = "and it is not an output"
		}
		b.errs = append(b.errs, fmt.Errorf("layer %q (%s): no later layer reads it %s", node.Name, node.Layer.Kind(), what))
	}
	for _, p := range b.net.inputs {
		if !used[p.Name] && len(b.net.inputs) > 1 {
			b.errs = append(b.errs, fmt.Errorf("network input %q: no layer reads it", p.Name))
		}
	}
}

// allocate allocates all parameters in one vector.
func (n *Network) allocate() {
	size := 0
	for _, p := range n.params {
		size += p.Shape.Size()
	}
	n.flat = make([]float32, size)
	views := n.split(n.flat)
	for i, p := range n.params {
		p.Data, p.own = views[i], views[i]
		if p.Role == Constant && p.Start != nil {
			fill(p.Data, *p.Start)
		}
	}
	for _, node := range n.nodes {
		node.weights = views[node.first : node.first+len(node.Params)]
	}
}

// split slices a vector with the layout of n.flat into one view for each parameter.
func (n *Network) split(flat []float32) op.Weights {
	views := make(op.Weights, len(n.params))
	off := 0
	for i, p := range n.params {
		end := off + p.Shape.Size()
		views[i] = flat[off:end:end]
		off = end
	}
	return views
}
