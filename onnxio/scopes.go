package onnxio

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// scope is the author's name for the module or layer that the nodes behind n come from, as
// far as the exporter has written it; "" if it has not.
func (im *importer) scope(n *graph.Node) string {
	nodes := im.clean.From[n]
	if m := im.matches[n]; m != nil {
		for _, inner := range m.nodes[1:] {
			nodes = append(slices.Clone(nodes), im.clean.From[inner]...)
		}
	}
	for _, f := range slices.Backward(nodes) {
		if name := im.scopeOf(f); name != "" && !im.names[name] {
			return name
		}
	}
	return ""
}

// tensorScope reads the layer from the name of a parameter: conv1.weight in PyTorch,
// functional_1/conv1_1/convolution/ReadVariableOp:0 in TensorFlow.
func (im *importer) tensorScope(name string) string {
	if im.fromTensorFlow() {
		return kerasScope(name)
	}
	prefix, _, ok := cutLast(name, ".")
	if !ok {
		return ""
	}
	return prefix
}

func (im *importer) fromTensorFlow() bool { return strings.HasPrefix(im.file.Producer, "tf2onnx") }

// scopeOf reads the scope of one node of the file.
func (im *importer) scopeOf(n *graph.Node) string {
	switch {
	case strings.HasPrefix(n.Name, "/"): // TorchScript: /features/act1/Mul
		path, _, _ := cutLast(n.Name[1:], "/")
		return strings.ReplaceAll(path, "/", ".")
	case im.fromTensorFlow():
		return kerasScope(n.Name)
	}
	for _, m := range n.Metadata {
		if m.Key == "pkg.torch.onnx.name_scopes" {
			return dynamoScope(m.Value)
		}
	}
	return ""
}

var quotedName = regexp.MustCompile(`'([^']*)'`)

// dynamoScope reads [”, 'features', 'features.act1', 'mul'], whose last entry is the
// operator, and the one in front of it the module.
func dynamoScope(list string) string {
	names := quotedName.FindAllStringSubmatch(list, -1)
	if len(names) < 2 {
		return ""
	}
	return names[len(names)-2][1]
}

var numbered = regexp.MustCompile(`_\d+$`)

// kerasScope reads functional_1/act1_1/mul: the model, the layers, the operator. Keras
// numbers the export of a model behind all of these names.
func kerasScope(name string) string {
	parts := strings.Split(name, "/")
	if parts[0] == "StatefulPartitionedCall" {
		parts = parts[1:]
	}
	if len(parts) < 3 {
		return ""
	}
	suffix := numbered.FindString(parts[0])
	layers := parts[1 : len(parts)-1]
	for i, l := range layers {
		layers[i] = strings.TrimSuffix(l, suffix)
	}
	return layers[0]
}
