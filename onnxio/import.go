package onnxio

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
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
	modules   *ModuleValues             // the values that modules of the author's give
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
	return checkParts(m)
}

// readsMore reports whether an attempt that ended in error a left fewer nodes than that of b.
func readsMore(a, b error) bool {
	var x, y *UnsupportedError
	return errors.As(a, &x) && errors.As(b, &y) && len(x.Problems)+x.behind < len(y.Problems)+y.behind
}

// importAs is Import with the axes of the input in a given order.
func importAs(m *graph.Model, prepared *rewrite.Prepared, in *graph.Value, order AxisOrder, notes []string, rounding float64) (*Imported, error) {
	im := newImporter(provenanceOf(m, prepared.As(order), false), rounding, notes)
	im.noteBatch(in, order)
	im.noteUnread()
	im.notes = append(im.notes, im.clean.Notes...)
	return im.read()
}

// read recovers the network of the cleaned graph.
func (im *importer) read() (*Imported, error) {
	im.findLayers()
	im.countStems()
	for _, n := range im.graph.Nodes {
		im.node(n)
	}
	if err := im.refusals.err(im.file); err != nil {
		return nil, err
	}
	return im.finish()
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

// finish builds the network and gives it the file's values.
func (im *importer) finish() (*Imported, error) {
	out := im.graph.Outputs[0].Name
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
		values: values, modules: ModuleValuesOf(im.file),
		Network: net, Input: im.graph.Inputs[0].Name, Output: im.file.Graph.Outputs[0].Name, Opset: im.file.Opset(""),
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
