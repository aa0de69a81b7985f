package onnxio

import (
	"reflect"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// changedSettings are a layer with one of its settings changed, by the names of these.
func changedSettings(l nn.Layer) map[string]nn.Layer {
	changed := map[string]nn.Layer{}
	normalised := reflect.ValueOf(normal(l))
	for i := range normalised.NumField() {
		f := normalised.Type().Field(i)
		for k := range parts(normalised.Field(i)) {
			v := reflect.New(normalised.Type()).Elem()
			v.Set(normalised)
			if !isUnwritten(l, f) && change(v.Field(i), k) {
				changed[f.Name+strings.Repeat("'", k)] = v.Interface().(nn.Layer)
			}
		}
	}
	return changed
}

// parts is how many values a setting has.
func parts(v reflect.Value) int {
	if v.Kind() == reflect.Array {
		return v.Len()
	}
	return 1
}

// change gives a part of a setting another value.
func change(v reflect.Value, k int) bool {
	switch v.Kind() {
	case reflect.Array:
		return change(v.Index(k), 0)
	case reflect.Int:
		v.SetInt(v.Int() + 1)
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Float32:
		v.SetFloat(v.Float()/2 + 0.125)
	default:
		return false
	}
	return true
}

// settled are networks of all layers that have settings, and of an activation with one.
func settled(t *testing.T) map[string]*nn.Network {
	t.Helper()
	all := layerNets(t)
	for name, layers := range map[string][]nn.Layer{
		"leaky": {activation.Must("leaky:-0.5")},
		"relu6": {activation.Must("relu6:4")},
		"conv":  {layer.Conv{Out: 4, Kernel: [2]int{2, 3}, Groups: 2}},
		"dense": {layer.Flatten{}, layer.Dense{Out: 3}},
	} {
		net, err := nn.Sequential(nn.Shape{2, 6, 7}, layers...)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = fillParams(net)
	}
	return all
}

// A file in which one setting of one layer is another does not pass for the network.
func TestVerifySeesEverySetting(t *testing.T) {
	tried := map[string]bool{}
	for name, net := range settled(t) {
		for _, n := range net.Nodes() {
			for setting, l := range changedSettings(n.Layer) {
				other, err := net.Builder(func(m *nn.Node) nn.Layer {
					if m == n {
						return l
					}
					return m.Layer
				}).Build()
				if err != nil {
					continue // the layer does not take it
				}
				if reflect.DeepEqual(writtenLayer(other, other.Node(n.Name)), writtenLayer(net, n)) {
					continue // Ceil where nothing is rounded
				}
				m, err := Export(other, EncodeOptions{})
				if err != nil {
					continue // ONNX cannot express it
				}
				tried[n.Layer.Kind()+"."+strings.TrimRight(setting, "'")] = true
				if err := verify(net, m); err == nil {
					t.Errorf("%s: %s of layer %q (%+v) is %+v in the file", name, setting, n.Name, n.Layer, l)
				}
			}
		}
	}
	for _, l := range append([]nn.Layer{activation.Must("leaky:0.5"), activation.Must("relu6")}, layersOf(layers)...) {
		for setting := range changedSettings(l) {
			if s := l.Kind() + "." + strings.TrimRight(setting, "'"); !tried[s] {
				t.Errorf("%s was not tried", s)
			}
		}
	}
}

func layersOf(rows []*LayerFormat) (all []nn.Layer) {
	for _, l := range rows {
		all = append(all, l.Layer)
	}
	return all
}

// What only training has must be compared, since the results are the same.
func TestVerifyNamesTheSetting(t *testing.T) {
	net, err := nn.Sequential(nn.Shape{3}, layer.BatchNorm{Eps: 1e-3, Momentum: 0.75}, layer.Dropout{Rate: 0.25}, layer.Rescaling{Scale: activation.One, Offset: activation.PerElement})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want   string
		change func(*graph.Model)
	}{
		{`layer "bn" (BatchNorm): Momentum 0.5 instead of 0.75`, func(m *graph.Model) { m.Graph.Nodes[0].Attr("momentum").Value = float32(0.5) }},
		{`layer "bn" (BatchNorm): Eps 0.002 instead of 0.001`, func(m *graph.Model) { m.Graph.Nodes[0].Attr("epsilon").Value = float32(0.002) }},
		{`layer "dropout" (Dropout): Rate 0.5 instead of 0.25`, func(m *graph.Model) {
			for _, n := range m.Graph.Nodes {
				if n.OpType == "Constant" {
					n.Attr("value").Value = graph.Float32Tensor("", nil, []float32{0.5})
				}
			}
		}},
		{`parameter rescaling.scale differs at element 0`, func(m *graph.Model) {
			for _, p := range m.Graph.Initializers {
				if p.Name == "rescaling.scale" {
					p.Raw = graph.Float32Tensor("", nil, []float32{2}).Raw
				}
			}
		}},
	} {
		m, err := Export(net, EncodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(net, m); err != nil {
			t.Fatal(err)
		}
		c.change(m)
		if err := verify(net, m); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("the error is %v, want %q", err, c.want)
		}
	}
	m, err := Export(net, EncodeOptions{Metadata: map[string]string{"normalize": "0.5:0.5"}})
	if err != nil {
		t.Fatal(err)
	}
	other := *m
	other.Metadata = nil
	if err := sameHeader(m, &other); err == nil || !strings.Contains(err.Error(), "metadata [] instead of") {
		t.Errorf("without its metadata: %v", err)
	}
}
