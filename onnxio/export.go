package onnxio

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Producer is the producer_name in the files that gonn writes.
const Producer = "gonn"

// EncodeOptions are the settings of a file.
type EncodeOptions struct {
	// Opset is one of WriteOpsets, or 0 for WriteOpset.
	Opset int64
	// Metadata becomes the model's metadata_props, sorted by key.
	Metadata map[string]string
}

// Encode returns the network as the bytes of an ONNX model. It reads the bytes back and returns an
// error unless they have the same parameters and compute the same values. The same network and
// options give the same bytes.
//
// Parameters keep their names (conv1.weight, act1.alpha). The batch axis is the symbol N. The
// output is named logits, or probabilities if the network ends in a softmax or sigmoid.
func Encode(net *nn.Network, o EncodeOptions) ([]byte, error) {
	f, err := EncodeFiles(net, o, "model.onnx", false)
	if err != nil {
		return nil, err
	}
	return oneFile(f)
}

func oneFile(f *graph.Files) ([]byte, error) {
	if f.DataName != "" {
		return nil, fmt.Errorf("export: the network's %d bytes of weights are too many for one file: EncodeFiles gives two", len(f.Data))
	}
	return f.Model, nil
}

// EncodeFiles is Encode for a file of the given name. If external is set, or the file would be
// larger than 1 GiB, the values of larger parameters are in a second file, name.data.
func EncodeFiles(net *nn.Network, o EncodeOptions, name string, external bool) (*graph.Files, error) {
	m, err := Export(net, o)
	if err != nil {
		return nil, err
	}
	f, err := m.Files(name, external)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	written, err := f.Read()
	if err == nil {
		err = errors.Join(verify(net, written), sameHeader(m, written))
	}
	if err != nil {
		return nil, fmt.Errorf("export: what was written does not read back as the same network: %w", err)
	}
	return f, nil
}

// Export returns the network as an ONNX model; Encode returns its bytes.
func Export(net *nn.Network, o EncodeOptions) (*graph.Model, error) {
	return export(net, o, true)
}

// export is Export; without values the initializers have only names and shapes.
func export(net *nn.Network, o EncodeOptions, values bool) (*graph.Model, error) {
	if o.Opset == 0 {
		o.Opset = WriteOpset
	}
	if err := CheckWriteOpset(o.Opset); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	if err := exportable(net); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	e := &exporter{net: net, opset: o.Opset, values: values, graph: &graph.Graph{Name: "gonn"}, taken: map[string]bool{}, others: map[string]int64{}}
	e.reserve()
	e.graph.Inputs = []*graph.Value{batchOf(nn.InputName, net.InputShape())}
	var errs []error
	for _, n := range net.Nodes() {
		if err := e.layer(n); err != nil {
			errs = append(errs, fmt.Errorf("layer %q (%s): %w", n.Name, n.Layer.Kind(), err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	m := &graph.Model{
		IRVersion: irOf[o.Opset],
		Producer:  Producer,
		Opsets:    e.opsets(),
		Graph:     e.graph,
	}
	for _, k := range slices.Sorted(maps.Keys(o.Metadata)) {
		m.Metadata = append(m.Metadata, graph.Meta{Key: k, Value: o.Metadata[k]})
	}
	return m, nil
}

// exportable returns an error unless the network has one input, named nn.InputName, and one
// output, its last layer.
func exportable(net *nn.Network) error {
	if err := net.CheckSingle(); err != nil {
		return err
	}
	nodes := net.Nodes()
	if in, out := net.Inputs()[0].Name, net.Outputs()[0].Name; in != nn.InputName || out != nodes[len(nodes)-1].Name {
		return fmt.Errorf("the network goes from input %q to layer %q: need the input %q, and the last layer as output", in, out, nn.InputName)
	}
	return nil
}

// exporter builds the graph of one network.
type exporter struct {
	net    *nn.Network
	opset  int64
	values bool // whether initializers hold their values
	graph  *graph.Graph
	result string           // name of the graph's output
	taken  map[string]bool  // names of values
	others map[string]int64 // versions of the domains that are not ONNX's own
}

// reserve reserves the names of the layers' outputs, which are those of the layers except for the
// last.
func (e *exporter) reserve() {
	for _, n := range e.net.Nodes() {
		e.taken[n.Name] = true
	}
	for _, p := range e.net.Params() {
		e.taken[p.FullName()] = true
	}
	e.result = e.unique(resultName(e.last()))
}

func (e *exporter) last() *nn.Node {
	nodes := e.net.Nodes()
	return nodes[len(nodes)-1]
}

func resultName(last *nn.Node) string {
	if k := last.Layer.Kind(); k == "Softmax" || k == "sigmoid" {
		return "probabilities"
	}
	return "logits"
}

func (e *exporter) unique(name string) string {
	base := name
	for i := 2; e.taken[name]; i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	e.taken[name] = true
	return name
}

func (e *exporter) layer(n *nn.Node) error {
	err := errors.New("no ONNX form of this layer is known")
	if act, ok := n.Layer.(activation.Layer); ok {
		err = exportActivation(e, n, act)
	} else if f := layerByKind(n.Layer.Kind()); f != nil {
		err = f.write(e, n)
	}
	if out := e.output(n); n == e.last() {
		e.graph.Outputs = []*graph.Value{batchOf(out, n.Shape)}
	} else {
		e.describe(out, n.Shape)
	}
	return err
}

// output is the name of a layer's output.
func (e *exporter) output(n *nn.Node) string {
	if n == e.last() {
		return e.result
	}
	return n.Name
}

// param adds a parameter as an initializer.
func (e *exporter) param(p *nn.Param) string {
	dims := make([]int64, len(p.Shape))
	for i, d := range p.Shape {
		dims[i] = int64(d)
	}
	t := &graph.Tensor{Name: p.FullName(), Type: graph.Float, Dims: dims}
	if e.values {
		t = graph.Float32Tensor(t.Name, dims, p.Data)
	}
	e.graph.Initializers = append(e.graph.Initializers, t)
	return p.FullName()
}

// constant adds a scalar as a Constant node.
func (e *exporter) constant(name string, v float32) string {
	return e.tensorConstant(graph.Float32Tensor(name, nil, []float32{v}))
}

// tensorConstant adds a Constant node with the tensor's name, made unique. Parameters are
// initializers instead.
func (e *exporter) tensorConstant(t *graph.Tensor) string {
	name := e.unique(t.Name)
	t.Name = ""
	e.graph.Nodes = append(e.graph.Nodes, &graph.Node{
		Name: name, OpType: "Constant", Outputs: []string{name},
		Attrs: []*graph.Attr{graph.TensorAttr("value", t)},
	})
	v := &graph.Value{Name: name, Type: t.Type, HasShape: true}
	for _, d := range t.Dims {
		v.Shape = append(v.Shape, graph.Dim{Size: d})
	}
	e.graph.ValueInfo = append(e.graph.ValueInfo, v)
	return name
}

// importDomain notes that the file has operators of a domain, of a version; 0 is 1.
func (e *exporter) importDomain(domain string, version int64) {
	e.others[domain] = max(e.others[domain], version, 1)
}

// opsets are the versions of the domains of the operators.
func (e *exporter) opsets() []graph.Opset {
	all := []graph.Opset{{Version: e.opset}}
	for _, domain := range slices.Sorted(maps.Keys(e.others)) {
		all = append(all, graph.Opset{Domain: domain, Version: e.others[domain]})
	}
	return all
}

// describe adds the shape of an inner value.
func (e *exporter) describe(name string, s nn.Shape) {
	e.graph.ValueInfo = append(e.graph.ValueInfo, batchOf(name, s))
}

// batchOf is a value of shape (N, s…).
func batchOf(name string, s nn.Shape) *graph.Value {
	v := &graph.Value{Name: name, Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}}}
	for _, d := range s {
		v.Shape = append(v.Shape, graph.Dim{Size: int64(d)})
	}
	return v
}
