package onnxio

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
)

// The operator sets of ONNX's own domain that are read.
const (
	MinOpset = 1
	MaxOpset = 28
)

// MaxSample is the largest number of elements that one sample may have as a value
// of the network. A training step keeps 16 of them at once: 1 GiB a layer.
const MaxSample = 1 << 24

// ErrTooLarge is in the error of a model that has samples, or values of them, of more than
// MaxSample elements. One that leaves the size of its input open may take smaller ones.
var ErrTooLarge = fmt.Errorf("at most %d elements are read", MaxSample)

// Imported is a network recovered from a file.
type Imported struct {
	Network  *nn.Network
	Input    string // the file's name for the input
	Output   string // and for the result
	Producer string // who wrote the file, such as "pytorch 2.15.0"
	Opset    int64
	Metadata map[string]string
	// InputOrder and OutputOrder say how the file's axes lie in the network's.
	InputOrder, OutputOrder AxisOrder
	// Layers tell which nodes and values of the file each layer was recovered from, in the
	// network's order.
	Layers []RecoveredLayer
	// Folded is the number of nodes that only computed constants and shapes, Moved that of
	// those that only moved axes.
	Folded, Moved int
	// Notes say what was changed on the way, one sentence each.
	Notes []string

	values    map[string]RecoveredValue // of the file, by their names
	modules   map[string]string         // the values that modules of the author's give
	inputDims []graph.Dim               // of the file's input, with the batch and the sizes of the network
}

// Load reads an ONNX file, with its external data, and recovers the network.
func Load(path string) (*Imported, error) { return ImportOptions{}.Load(path) }

// Import recovers the network of a model, with trainable parameters. Parameters
// that several layers share in the file become each layer's own. If some nodes have
// no layer, the error is an *UnsupportedError that lists them all; if the input has no
// fixed size, it is an *OpenSizeError.
func Import(m *graph.Model) (*Imported, error) { return ImportOptions{}.Import(m) }

func checkModel(m *graph.Model) error {
	if err := m.Check(); err != nil {
		return err
	}
	if v := m.Opset(""); v < MinOpset || v > MaxOpset {
		return fmt.Errorf("opset %d is not read; %d to %d are", v, MinOpset, MaxOpset)
	}
	return nil
}

// readsMore reports whether an attempt that ended in error a left fewer nodes than that of b.
func readsMore(a, b error) bool {
	var x, y *UnsupportedError
	return errors.As(a, &x) && errors.As(b, &y) && len(x.Problems)+x.behind < len(y.Problems)+y.behind
}

// importAs is Import with the axes of the input in a given order.
func importAs(m *graph.Model, prepared *rewrite.Prepared, in *graph.Value, order AxisOrder, notes []string, rounding float64) (*Imported, error) {
	im := newImporter(m, notes)
	im.rounding = rounding
	im.noteBatch(in, order)
	im.clean = prepared.As(order)
	im.noteUnread()
	im.notes = append(im.notes, im.clean.Notes...)
	return im.read()
}

// read recovers the network of the cleaned graph.
func (im *importer) read() (*Imported, error) {
	im.openGraph()
	im.index()
	im.findActivations()
	im.countStems()
	for _, n := range im.model.Graph.Nodes {
		im.node(n)
	}
	if len(im.problems) > 0 {
		return nil, &UnsupportedError{Nodes: len(im.file.Graph.Nodes), Problems: im.problems, behind: im.behind, tooLarge: im.tooLarge}
	}
	return im.finish()
}

func newImporter(m *graph.Model, notes []string) *importer {
	return &importer{
		file: m, rounding: floatRounding, consts: map[string]*graph.Tensor{}, layerOf: map[string]string{}, gives: map[string]*graph.Node{},
		matches: map[*graph.Node]*match{}, found: map[*graph.Node]*match{}, refused: map[*graph.Node]bool{}, claimed: map[*graph.Node]bool{},
		columns: map[string]*column{}, weighs: map[string]bool{}, trains: map[string]bool{}, names: map[string]bool{}, params: map[string]Values{}, registered: map[*graph.Node]*layerMatch{}, owner: map[string]string{}, factors: map[string]float32{}, changed: map[string]bool{}, notes: slices.Clone(notes),
	}
}

// importer walks one graph.
type importer struct {
	file    *graph.Model
	clean   *rewrite.Result
	model   *graph.Model // the cleaned one
	builder *nn.Builder
	batch   int64 // the batch size that the file fixes; 0 if it does not
	// asWritten: the graph is read as gonn writes it, layer by layer (written.go).
	asWritten bool
	rounding  float64 // of the file's numbers, see roundingOf

	consts     map[string]*graph.Tensor    // constant values by name
	readers    map[string][]*graph.Node    // who reads a value
	maker      map[string]*graph.Node      // who computes a value
	at         map[*graph.Node]int         // the place of a node in the graph
	matches    map[*graph.Node]*match      // activations, by the node that gives the result
	registered map[*graph.Node]*layerMatch // layers of registered formats, by the same
	says       map[string]nn.Shape         // samples of values, as the file describes them
	claimed    map[*graph.Node]bool        // nodes inside a match
	found      map[*graph.Node]*match      // what activationAt has found
	judged     int                         // what is left of the steps for evaluating islands
	columns    map[string]*column          // constants of islands
	inFile     map[*graph.Node]int         // the place of each node of the file

	layerOf  map[string]string      // value → layer that gives it
	gives    map[string]*graph.Node // the node that a layer was made of
	weighs   map[string]bool        // layers with a weight, by outputs, and perhaps a bias
	trains   map[string]bool        // layers that are trained, or have one in front that is
	names    map[string]bool        // layer names in use
	stems    map[string]int         // how many layers of each kind there are
	given    map[string]int         // the last number that a name of each kind was given
	params   map[string]Values      // by full name
	owner    map[string]string      // constant → layer that took it as its parameter
	factors  map[string]float32     // what is left to do to a value that a layer gives
	changed  map[string]bool        // values that their layers gave before arithmetic behind these went into their weights
	layers   []RecoveredLayer
	notes    []string
	refused  map[*graph.Node]bool // nodes of the file
	problems []Problem
	tooLarge bool // one of them is ErrTooLarge
	behind   int  // nodes that read what refused ones give
}

// openGraph starts the network with the input of the cleaned graph.
func (im *importer) openGraph() {
	im.model = im.clean.Model
	im.inFile = map[*graph.Node]int{}
	for i, n := range im.file.Graph.Nodes {
		im.inFile[n] = i
	}
	im.judged = leastJudged
	for _, t := range im.model.Graph.Initializers {
		im.consts[t.Name] = t
		if n, err := t.Len(); err == nil {
			im.judged += judgedPerElement * min(n, MaxSample)
		}
	}
	in := im.model.Graph.Inputs[0]
	var shape nn.Shape
	for _, d := range in.Shape[1:] {
		shape = append(shape, int(d.Size))
	}
	im.builder = nn.NewBuilder(shape)
	im.layerOf[in.Name] = nn.InputName
}

// noteUnread tells of nodes whose results nobody reads, which the network does not have.
func (im *importer) noteUnread() {
	read := map[string]bool{}
	for _, n := range im.file.Graph.Nodes {
		for _, in := range n.Inputs {
			read[in] = true
		}
	}
	for _, v := range im.file.Graph.Outputs {
		read[v.Name] = true
	}
	for _, n := range im.file.Graph.Nodes {
		if !slices.ContainsFunc(n.Outputs, func(out string) bool { return read[out] }) {
			im.notes = append(im.notes, fmt.Sprintf("%s is left out: nobody reads its result", n.Label()))
		}
	}
}

// node turns one node into a layer, unless it is part of an activation or a
// constant.
func (im *importer) node(n *graph.Node) {
	if im.claimed[n] {
		return
	}
	if m := im.matches[n]; m != nil {
		if im.layerOf[m.x] == "" {
			im.behind++ // it comes from a node that is refused already
			return
		}
		if m.factor != 0 {
			im.enterMultiple(n, m)
			return
		}
		r, err := m.recovered(im)
		im.add(n, r, err)
		return
	}
	if im.enterRegistered(n) {
		return
	}
	if why := rewrite.WhyNotUpgraded(n); why != "" && !im.isBehind(n) {
		im.refuse(n, errors.New(why))
		return
	}
	if im.scaled(n) || im.difference(n) || im.withSettings(n) {
		return
	}
	io := layerByOp(n.OpType)
	if io == nil || !n.Standard() {
		im.refuse(n, im.whyNoLayer(n))
		return
	}
	if im.isBehind(n) {
		im.behind++
		return
	}
	r, err := io.Read(im.readerOf(n))
	if err == nil {
		im.takeFactor(n, r)
	}
	im.add(n, r, err)
}

// isBehind reports whether a node reads what a node gives that is refused already.
func (im *importer) isBehind(n *graph.Node) bool {
	return slices.ContainsFunc(n.Inputs, func(in string) bool { return in != "" && im.layerOf[in] == "" && im.consts[in] == nil })
}

// add enters a layer under a name of its own, or refuses its node.
func (im *importer) add(n *graph.Node, r *FoundLayer, err error) {
	if err == nil {
		err = im.fits(r)
	}
	if err != nil {
		im.refuse(n, err)
		return
	}
	var inputs []string
	for _, value := range r.Inputs {
		inputs = append(inputs, im.layerOf[value])
	}
	tensors := im.tensors(n, r)
	stem := r.stem
	if stem == "" {
		stem = r.Layer.Stem()
	}
	name, numbered := im.name(n, stem, tensors)
	im.builder.Add(name, r.Layer, inputs...)
	im.layerOf[n.Outputs[0]] = name
	im.gives[name] = n
	_, fixed := r.Layer.(layer.Rescaling)
	im.trains[name] = len(r.Params) > 0 && !fixed || slices.ContainsFunc(inputs, func(in string) bool { return im.trains[in] })
	switch r.Layer.(type) {
	case layer.Conv, layer.Dense, layer.BatchNorm:
		im.weighs[name] = true
	}
	for p, v := range r.Params {
		im.params[name+"."+p] = v
	}
	im.untie(tensors, name)
	im.layers = append(im.layers, RecoveredLayer{Name: name, Numbered: numbered, Nodes: im.nodesOf(n), sources: im.sourcesOf(n)})
	if m := im.matches[n]; m != nil && m.judged {
		im.notes = append(im.notes, m.note(name))
	}
	if r.then != nil {
		next := im.number(r.then.Stem())
		im.names[next] = true
		im.builder.Add(next, r.then, name)
		im.layers = append(im.layers, RecoveredLayer{Name: next, Numbered: true})
		im.trains[next] = im.trains[name]
		im.layerOf[n.Outputs[0]] = next
	}
}

// fits tells why a layer does not take its inputs.
func (im *importer) fits(r *FoundLayer) error {
	var shapes []nn.Shape
	for _, value := range r.Inputs {
		shapes = append(shapes, im.shape(value))
	}
	op, err := r.Layer.Bind(shapes)
	if err == nil && tooLarge(op.Shape()) {
		err = fmt.Errorf("its result has samples of shape %v; %w", op.Shape(), ErrTooLarge)
	}
	return err
}

// untie notes a tensor that more than one layer uses: exporters merge tensors that
// happen to be equal.
func (im *importer) untie(tensors []string, layer string) {
	for _, name := range tensors {
		root := im.rootOf(name)
		if first, taken := im.owner[root]; taken && first != layer {
			im.notes = append(im.notes, fmt.Sprintf("layers %s and %s shared the tensor %q; each has its own now", first, layer, root))
		} else {
			im.owner[root] = layer
		}
	}
}

// tensors lists the file's tensors that a layer takes as its parameters.
func (im *importer) tensors(n *graph.Node, r *FoundLayer) (names []string) {
	if len(r.Params) == 0 {
		return nil
	}
	var from []string
	switch act, registered := im.matches[n], im.registered[n]; {
	case act != nil:
		from = []string{act.param}
	case registered != nil:
		from = registered.consts
	default:
		from = n.Inputs[1:]
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
	if err := im.fill(net); err != nil {
		return nil, err
	}
	values := im.recoveredValues()
	r := &Imported{
		values: values, modules: im.moduleValues(),
		Network: net, Input: im.model.Graph.Inputs[0].Name, Output: im.file.Graph.Outputs[0].Name, Opset: im.file.Opset(""),
		Producer: producer(im.file), Notes: im.notes, Metadata: map[string]string{},
		InputOrder: im.clean.Input, OutputOrder: im.clean.Output,
		Layers: im.layers, Folded: len(im.clean.Folded), Moved: len(im.clean.Moved),
	}
	for _, m := range im.file.Metadata {
		r.Metadata[m.Key] = m.Value
	}
	return r, nil
}

func producer(m *graph.Model) string {
	if m.ProducerVersion == "" {
		return m.Producer
	}
	return m.Producer + " " + m.ProducerVersion
}

// shape is the shape of a value that a layer gives.
func (im *importer) shape(value string) nn.Shape { return im.builder.ShapeOf(im.layerOf[value]) }
