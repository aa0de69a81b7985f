package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// The operator sets of ONNX's own domain that are read. Before 7, PRelu's slope and
// the broadcasting of Add and Mul meant something else.
const (
	MinOpset = 7
	MaxOpset = 28
)

// MaxSample is the largest number of elements that one sample may have as a value
// of the network. A training step keeps 16 of them at once: 1 GiB a layer.
const MaxSample = 1 << 24

// Imported is a network recovered from a file.
type Imported struct {
	Network  *nn.Network
	Input    string // the file's name for the input
	Output   string // and for the result
	Producer string // who wrote the file, such as "pytorch 2.15.0"
	Opset    int64
	Metadata map[string]string
	// Notes say what was changed on the way, one sentence each.
	Notes []string
}

// Load reads an ONNX file, with its external data, and recovers the network.
func Load(path string) (*Imported, error) {
	m, err := graph.ReadFile(path)
	if err != nil {
		return nil, err
	}
	im, err := Import(m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return im, nil
}

// Import recovers the network of a model, with trainable parameters. Parameters
// that several layers share in the file become each layer's own. If some nodes have
// no layer, the error is an *UnsupportedError that lists them all.
func Import(m *graph.Model) (*Imported, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	im := &importer{
		model: m, consts: map[string]*graph.Tensor{}, layerOf: map[string]string{},
		matches: map[*graph.Node]*match{}, claimed: map[*graph.Node]bool{},
		names: map[string]bool{}, params: map[string][]float32{}, owner: map[string]string{},
	}
	if v := m.Opset(""); v < MinOpset || v > MaxOpset {
		return nil, fmt.Errorf("opset %d is not read; %d to %d are", v, MinOpset, MaxOpset)
	}
	if err := im.openInput(); err != nil {
		return nil, err
	}
	im.collectConstants()
	im.index()
	im.findActivations()
	im.countStems()
	for _, n := range m.Graph.Nodes {
		im.node(n)
	}
	if len(im.problems) > 0 {
		return nil, &UnsupportedError{Nodes: len(m.Graph.Nodes), Problems: im.problems}
	}
	return im.finish()
}

// importer walks one graph.
type importer struct {
	model   *graph.Model
	builder *nn.Builder
	input   string // name of the graph's input
	batch   int64  // the batch size that the file fixes; 0 if it does not

	consts  map[string]*graph.Tensor // constant values by name
	initial map[string]bool          // which of them are initializers
	readers map[string][]*graph.Node // who reads a value
	maker   map[string]*graph.Node   // who computes a value
	matches map[*graph.Node]*match   // activations, by the node that gives the result
	claimed map[*graph.Node]bool     // nodes inside a match, or refused early

	layerOf  map[string]string    // value → layer that gives it
	names    map[string]bool      // layer names in use
	stems    map[string]int       // how many layers of each kind there are
	params   map[string][]float32 // values by full name
	owner    map[string]string    // constant → layer that took it as its parameter
	notes    []string
	problems []Problem
}

// openInput finds the one input and starts the network with its shape.
func (im *importer) openInput() error {
	initial := map[string]bool{}
	for _, t := range im.model.Graph.Initializers {
		initial[t.Name] = true
	}
	var inputs []*graph.Value
	for _, v := range im.model.Graph.Inputs {
		if !initial[v.Name] { // before IR 4 initializers were inputs too
			inputs = append(inputs, v)
		}
	}
	if len(inputs) != 1 {
		return fmt.Errorf("the model has %d inputs; a network has 1", len(inputs))
	}
	if n := len(im.model.Graph.Outputs); n != 1 {
		return fmt.Errorf("the model has %d outputs; a network has 1", n)
	}
	in := inputs[0]
	if in.Type != graph.Float {
		return fmt.Errorf("input %q has element type %v; need FLOAT", in.Name, in.Type)
	}
	if !in.HasShape || len(in.Shape) < 2 {
		return fmt.Errorf("input %q has no shape (N, …) in the file", in.Name)
	}
	var shape nn.Shape
	for i, d := range in.Shape[1:] {
		if !d.Known() || d.Size < 1 || d.Size > 1<<20 {
			return fmt.Errorf("input %q: axis %d is %v; every axis but the batch must be a fixed size", in.Name, i+1, d)
		}
		shape = append(shape, int(d.Size))
	}
	if tooLarge(shape) {
		return fmt.Errorf("input %q has samples of shape %v; at most %d elements are read", in.Name, shape, MaxSample)
	}
	if d := in.Shape[0]; d.Known() {
		im.batch = d.Size
		if d.Size != 1 {
			im.notes = append(im.notes, fmt.Sprintf("the file fixes the batch at %d; the network takes any", d.Size))
		}
	}
	im.input = in.Name
	im.initial = initial
	im.builder = nn.NewBuilder(shape)
	im.layerOf[in.Name] = nn.InputName
	return nil
}

// node turns one node into a layer, unless it is part of an activation or a
// constant.
func (im *importer) node(n *graph.Node) {
	if im.claimed[n] || im.isConstant(n) {
		return
	}
	if m := im.matches[n]; m != nil {
		if im.layerOf[m.x] != "" { // else it comes from a node that is refused already
			r, err := m.recovered(im)
			im.add(n, r, err)
		}
		return
	}
	io := layerByOp(n.OpType)
	if io == nil || !ownOperator(n) {
		im.refuse(n, im.whyNoLayer(n))
		return
	}
	for _, in := range n.Inputs {
		if in != "" && im.layerOf[in] == "" && im.consts[in] == nil {
			return // comes from a node that is refused already
		}
	}
	r, err := io.recover(im, n)
	im.add(n, r, err)
}

// add enters a layer under a name of its own, or refuses its node.
func (im *importer) add(n *graph.Node, r *recovered, err error) {
	if err == nil {
		err = im.fits(r)
	}
	if err != nil {
		im.refuse(n, err)
		return
	}
	var inputs []string
	for _, value := range r.inputs {
		inputs = append(inputs, im.layerOf[value])
	}
	tensors := im.tensors(n, r)
	name := im.name(n, r.layer.Stem(), tensors)
	im.builder.Add(name, r.layer, inputs...)
	im.layerOf[n.Outputs[0]] = name
	for p, v := range r.params {
		im.params[name+"."+p] = v
	}
	im.untie(tensors, name)
	if r.then != nil {
		next := im.number(r.then.Stem())
		im.names[next] = true
		im.builder.Add(next, r.then, name)
		im.layerOf[n.Outputs[0]] = next
	}
}

// fits tells why a layer does not take its inputs.
func (im *importer) fits(r *recovered) error {
	var shapes []nn.Shape
	for _, value := range r.inputs {
		shapes = append(shapes, im.shape(value))
	}
	op, err := r.layer.Bind(shapes)
	if err == nil && tooLarge(op.Shape()) {
		err = fmt.Errorf("its result has samples of shape %v; at most %d elements are read", op.Shape(), MaxSample)
	}
	return err
}

// untie notes a tensor that more than one layer uses: exporters merge tensors that
// happen to be equal.
func (im *importer) untie(tensors []string, layer string) {
	for _, name := range tensors {
		root := im.consts[name].Name
		if first, taken := im.owner[root]; taken && first != layer {
			im.notes = append(im.notes, fmt.Sprintf("layers %s and %s shared the tensor %q; each has its own now", first, layer, root))
		} else {
			im.owner[root] = layer
		}
	}
}

// tensors lists the file's tensors that a layer takes as its parameters.
func (im *importer) tensors(n *graph.Node, r *recovered) (names []string) {
	if len(r.params) == 0 {
		return nil
	}
	from := n.Inputs[1:]
	if m := im.matches[n]; m != nil {
		from = []string{m.param}
	}
	for _, name := range from {
		if im.trainable(name) {
			names = append(names, name)
		}
	}
	return names
}

// finish builds the network and gives it the file's values.
func (im *importer) finish() (*Imported, error) {
	out := im.model.Graph.Outputs[0].Name
	last, ok := im.layerOf[out]
	if !ok || last == nn.InputName {
		return nil, fmt.Errorf("output %q is not the result of a layer", out)
	}
	net, err := im.builder.Build()
	if err != nil {
		return nil, err
	}
	if nodes := net.Nodes(); nodes[len(nodes)-1].Name != last {
		return nil, fmt.Errorf("output %q is given by layer %q, but layers follow it", out, last)
	}
	for _, p := range net.Params() {
		v := im.params[p.FullName()]
		if len(v) != len(p.Data) {
			return nil, fmt.Errorf("parameter %s has shape %v, the file holds %d values", p.FullName(), p.Shape, len(v))
		}
		copy(p.Data, v)
	}
	r := &Imported{
		Network: net, Input: im.input, Output: out, Opset: im.model.Opset(""),
		Producer: producer(im.model), Notes: im.notes, Metadata: map[string]string{},
	}
	for _, m := range im.model.Metadata {
		r.Metadata[m.Key] = m.Value
	}
	return r, nil
}

// tooLarge tells whether a sample has more than MaxSample elements.
func tooLarge(s nn.Shape) bool {
	n := 1
	for _, d := range s {
		if d > MaxSample/n {
			return true
		}
		n *= d
	}
	return false
}

func producer(m *graph.Model) string {
	if m.ProducerVersion == "" {
		return m.Producer
	}
	return m.Producer + " " + m.ProducerVersion
}

// shape is the shape of a value that a layer gives.
func (im *importer) shape(value string) nn.Shape { return im.builder.ShapeOf(im.layerOf[value]) }
