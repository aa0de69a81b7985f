package onnxio

import (
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// unwritten are the settings of layers, by type or by name, that a file does not carry, and
// why. A registered format has its own. All others must come back.
var unwritten = map[string]string{
	"op.Semantics":           "how a framework trains the layer: ONNX holds inference; runs and metadata keep it",
	"activation.Sharing":     "the parameter's shape tells it, which is compared with the parameter",
	"activation.Layer.Start": "where training started: the parameter holds what it has become",
	"activation.Layer.Value": "of an activation that has no fixed parameter it says nothing",
}

// isUnwritten reports whether a file does not carry a setting of a layer.
func isUnwritten(l nn.Layer, f reflect.StructField) bool {
	if act, ok := l.(activation.Layer); ok && f.Name == "Value" && act.Func.Arg == activation.Fixed {
		return false
	}
	if format := formatIn(registeredFormats(), l.Kind()); format != nil && slices.Contains(format.Unwritten, f.Name) {
		return true
	}
	return unwritten[f.Type.String()] != "" || unwritten[reflect.TypeOf(l).String()+"."+f.Name] != ""
}

// sameSettings is an error if two layers of one kind differ in a setting that a file carries.
func sameSettings(got, want nn.Layer) error {
	g, w := reflect.ValueOf(normal(got)), reflect.ValueOf(normal(want))
	if g.Type() != w.Type() {
		return fmt.Errorf("a %v instead of a %v", g.Type(), w.Type())
	}
	if w.Kind() != reflect.Struct {
		return nil
	}
	for i := range w.NumField() {
		f := w.Type().Field(i)
		if !f.IsExported() || isUnwritten(want, f) {
			continue
		}
		if !sameBitsOf(g.Field(i), w.Field(i)) {
			return fmt.Errorf("%s %v instead of %v", f.Name, g.Field(i).Interface(), w.Field(i).Interface())
		}
	}
	return nil
}

func sameBitsOf(a, b reflect.Value) bool {
	if x, ok := a.Interface().(float32); ok {
		return math.Float32bits(x) == math.Float32bits(b.Interface().(float32))
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// normal is a layer with its zero values written out, by its method Normal if it has one.
func normal(l nn.Layer) nn.Layer {
	if m := reflect.ValueOf(l).MethodByName("Normal"); m.IsValid() && m.Type().NumIn() == 0 && m.Type().NumOut() == 1 {
		if n, ok := m.Call(nil)[0].Interface().(nn.Layer); ok {
			return n
		}
	}
	return l
}

// writtenLayer is a layer as the exporter spells it: windows of Ceil get other pads.
func writtenLayer(net *nn.Network, n *nn.Node) nn.Layer {
	switch l := normal(n.Layer).(type) {
	case layer.MaxPool:
		if w, err := rounded(net, n, l); err == nil {
			return w
		}
	case layer.AveragePool:
		if w, err := rounded(net, n, windowOf(l)); err == nil {
			l.Pads, l.Ceil = w.Pads, w.Ceil
			return l
		}
	}
	return n.Layer
}

// sameHeader is an error if what a file holds besides its graph differs.
func sameHeader(want, got *graph.Model) error {
	if !slices.Equal(got.Metadata, want.Metadata) {
		return fmt.Errorf("metadata %v instead of %v", got.Metadata, want.Metadata)
	}
	if !importsAll(got, want) {
		return fmt.Errorf("opset_import %v instead of %v", got.Opsets, want.Opsets)
	}
	if got.IRVersion != want.IRVersion || got.Opset("") != want.Opset("") || got.Producer != want.Producer {
		return fmt.Errorf("producer %q, IR %d and opset %d instead of %q, %d and %d",
			got.Producer, got.IRVersion, got.Opset(""), want.Producer, want.IRVersion, want.Opset(""))
	}
	return nil
}
