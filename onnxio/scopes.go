package onnxio

import (
	"regexp"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// tensorScope reads the layer from the name of a parameter: conv1.weight in PyTorch,
// functional_1/conv1_1/convolution/ReadVariableOp:0 in TensorFlow.
func (p *provenance) tensorScope(name string) string {
	if p.fromTensorFlow() {
		return kerasScope(name)
	}
	if strings.HasPrefix(name, "/") { // computed in TorchScript: /features/features.0/Neg_output_0
		if all := scriptModules(name); len(all) > 0 {
			return all[len(all)-1]
		}
		return ""
	}
	prefix, _, ok := cutLast(name, ".")
	if !ok {
		return ""
	}
	return prefix
}

func (p *provenance) fromTensorFlow() bool { return strings.HasPrefix(p.file.Producer, "tf2onnx") }

// modules lists the author's modules or layers around a node of the file, the outermost
// first, by the names that a recording of the framework gives their outputs.
func (p *provenance) modules(n *graph.Node) []string {
	switch {
	case isScriptName(n.Name):
		return scriptModules(n.Name)
	case p.fromTensorFlow():
		return kerasScopes(n.Name)
	}
	for _, m := range n.Metadata {
		if m.Key == "pkg.torch.onnx.name_scopes" {
			var all []string
			names := quotedName.FindAllStringSubmatch(m.Value, -1)
			for _, name := range names[:max(len(names)-1, 0)] {
				if name[1] != "" {
					all = append(all, name[1])
				}
			}
			return all
		}
	}
	return nil
}

// isScriptName reports whether a node has a name of TorchScript's.
func isScriptName(name string) bool { return strings.HasPrefix(name, "/") }

// scriptModules reads the modules of a TorchScript name, /features/act1/Mul. Those of a
// Sequential have its name in front of their own: /features/features.0/Conv.
func scriptModules(name string) (all []string) {
	path, _, ok := cutLast(name[1:], "/")
	if !ok {
		return nil
	}
	for _, part := range strings.Split(path, "/") {
		if len(all) > 0 && !strings.HasPrefix(part, all[len(all)-1]+".") {
			part = all[len(all)-1] + "." + part
		}
		all = append(all, part)
	}
	return all
}

// scopeOf reads the scope of one node of the file.
func (p *provenance) scopeOf(n *graph.Node) string {
	switch {
	case strings.HasPrefix(n.Name, "/"): // TorchScript: /features/act1/Mul
		if all := scriptModules(n.Name); len(all) > 0 {
			return all[len(all)-1]
		}
		return ""
	case p.fromTensorFlow():
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
	if scopes := kerasScopes(name); scopes != nil {
		return scopes[0]
	}
	return ""
}

// kerasScopes are the layers of a name, the outermost first.
func kerasScopes(name string) []string {
	parts := strings.Split(name, "/")
	if parts[0] == "StatefulPartitionedCall" {
		parts = parts[1:]
	}
	if len(parts) < 3 {
		return nil
	}
	suffix := numbered.FindString(parts[0])
	layers := parts[1 : len(parts)-1]
	for i, l := range layers {
		layers[i] = strings.TrimSuffix(l, suffix)
	}
	return layers
}
