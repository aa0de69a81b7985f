package onnxio

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

const hostileDir = "../testdata/hostile"

var update = flag.Bool("update", false, "write the broken files of testdata/hostile anew")

// hostile is one broken file and what Load says of it.
type hostile struct {
	name string
	data []byte
	want string
}

// smallModel is a file of all layers, which the broken ones are made from.
func smallModel(t *testing.T) *graph.Model {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{1, 3, 3},
		layer.Conv{Out: 2, Kernel: [2]int{2, 2}}, activation.Must("prelu:channel"), activation.Must("mish"),
		layer.Flatten{}, layer.Dense{Out: 2}, layer.Softmax{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := Export(fillParams(net), EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// hostileFiles are all broken files. What breaks the wire format is tried at length
// in package graph; here it is that the errors reach the user.
func hostileFiles(t *testing.T) []hostile {
	whole := smallModel(t).Bytes()
	changed := func(change func(m *graph.Model)) []byte {
		m := smallModel(t)
		change(m)
		return m.Bytes()
	}
	conv := func(change func(n *graph.Node)) []byte {
		return changed(func(m *graph.Model) { change(m.Graph.Nodes[0]) })
	}
	weight := func(change func(w *graph.Tensor)) []byte {
		return changed(func(m *graph.Model) { change(m.Graph.Initializers[0]) })
	}
	only := func(x nn.Shape, inits []*graph.Tensor, n *graph.Node) []byte { return model(x, inits, n).Bytes() }
	const conv0 = `Conv "conv" (`
	return append(hostileFunctions(), []hostile{
		{"empty.onnx", nil, "ir_version is missing"},
		{"text.onnx", []byte("This is not a model.\n"), "the file is not ONNX"},
		{"image.onnx", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"), "ModelProto"},
		{"zeros.onnx", make([]byte, 64), "the file is damaged or not ONNX"},
		{"truncated-half.onnx", whole[:len(whole)/2], "ModelProto: field graph"},
		{"truncated-last-byte.onnx", whole[:len(whole)-1], "ModelProto"},
		{"twice.onnx", append(slices.Clone(whole), whole...), "is there twice"},
		{"external-missing.onnx", external(whole, "weights.bin"), `weights.bin`},
		{"external-outside.onnx", external(whole, "../hostile/empty.onnx"), "must be a path inside the model's folder"},
		{"external-absolute.onnx", external(whole, "/etc/passwd"), "must be a path inside the model's folder"},
		{"external-short.onnx", external(whole, "empty.onnx"), "beyond the end of the file"},
		{"external-folder.onnx", external(whole, "folder.onnx"), "not a regular file"},
		{"weight-short.onnx", weight(func(w *graph.Tensor) { w.Raw = w.Raw[:8] }), `"conv.weight"`},
		{"weight-huge.onnx", weight(func(w *graph.Tensor) { w.Dims = []int64{1 << 20, 1 << 20, 1, 1} }), `"conv.weight"`},
		{"weight-negative.onnx", weight(func(w *graph.Tensor) { w.Dims[0] = -2 }), `"conv.weight"`},
		{"weight-another-shape.onnx", weight(func(w *graph.Tensor) { w.Dims = []int64{1, 2, 2, 2} }), conv0 + "its bias has shape (2), the weight needs (1)"},
		{"weight-three-axes.onnx", weight(func(w *graph.Tensor) { w.Dims = []int64{2, 2, 2} }), conv0 + "its weight has shape (2, 2, 2); only 2-D"},
		{"weight-integers.onnx", weight(func(w *graph.Tensor) { w.Type = graph.Int32 }), conv0 + `its weight "conv.weight" has element type INT32`},
		{"weight-undefined.onnx", conv(func(n *graph.Node) { n.Inputs[1] = "w" }), `input 1 "w": no graph input, initializer or node defines it`},
		{"weight-is-a-value.onnx", changed(func(m *graph.Model) { m.Graph.Nodes[4].Inputs[0], m.Graph.Nodes[1].Inputs[1] = "conv", "conv" }), `its alpha "conv" is not an initializer`},
		{"kernel-shape.onnx", conv(func(n *graph.Node) { n.Attr("kernel_shape").Value = []int64{3, 3} }), conv0 + "attribute kernel_shape is [3 3]"},
		{"unknown-attribute.onnx", conv(func(n *graph.Node) { n.Attrs = append(n.Attrs, graph.IntAttr("lanes", 16)) }), conv0 + `attribute "lanes" is not known`},
		{"attribute-kind.onnx", conv(func(n *graph.Node) { n.Attr("group").Value = float32(1) }), `attribute "group" is of kind FLOAT, it must be INT`},
		{"unknown-operator.onnx", conv(func(n *graph.Node) { n.OpType = "Convolution" }), `Convolution "conv" (no layer for this operator)`},
		{"unknown-domain.onnx", conv(func(n *graph.Node) { n.Domain = "com.example" }), `domain "com.example" is not in opset_import`},
		{"ir-2.onnx", changed(func(m *graph.Model) { m.IRVersion = 2 }), "ir_version 2 is not read"},
		{"opset-99.onnx", changed(func(m *graph.Model) { m.Opsets[0].Version = 99 }), "opset 99 is not read"},
		{"opset-none.onnx", changed(func(m *graph.Model) { m.Opsets = nil }), "opset_import is missing"},
		{"no-graph.onnx", changed(func(m *graph.Model) { m.Graph = nil }), "graph is missing"},
		{"no-nodes.onnx", changed(func(m *graph.Model) { m.Graph.Nodes = nil }), `output 0 "probabilities": nothing in the graph defines it`},
		{"cycle.onnx", conv(func(n *graph.Node) { n.Inputs[0] = "act2" }), "nodes form a cycle"},
		{"name-twice.onnx", conv(func(n *graph.Node) { n.Outputs[0] = "input" }), "the name is defined twice"},
		{"input-shape.onnx", changed(func(m *graph.Model) { m.Graph.Inputs[0].Shape[3].Size = 4 }), `Gemm "dense" (its input has shape (N, 12), the weight needs (N, 8))`},
		{"input-small.onnx", changed(func(m *graph.Model) { m.Graph.Inputs[0].Shape[3].Size = 1 }), conv0 + "got input (1, 3, 1)"},
		{"input-dynamic.onnx", changed(func(m *graph.Model) { m.Graph.Inputs[0].Shape[2] = graph.Dim{Param: "H"} }), `input "input" has shape (N, 1, H, 3): axis 2 is open; give --size HxW, or data`},
		{"input-double.onnx", changed(func(m *graph.Model) { m.Graph.Inputs[0].Type = graph.Double }), "has type DOUBLE"},
		// These once made the importer panic or run for ever.
		{"flatten-of-nothing.onnx", only(nn.Shape{4}, nil, node("Flatten", "", "y")), "has 0 inputs"},
		{"identity-of-nothing.onnx", only(nn.Shape{4}, nil, node("Identity", "", "y")), "has 0 inputs"},
		{"gemm-bias-axes.onnx", only(nn.Shape{4}, []*graph.Tensor{tensor("w", 4, 1), tensor("b", 1, 1, 1)}, node("Gemm", "x w b", "y")), "its bias has shape (1, 1, 1)"},
		{"gemm-weight-rows.onnx", only(nn.Shape{4}, []*graph.Tensor{tensor("w", 1<<50, 0)}, node("Gemm", "x w", "y")), "has no elements"},
		{"prelu-of-space.onnx", only(nn.Shape{1 << 20, 1 << 20, 1 << 10}, []*graph.Tensor{tensor("a", 1)}, node("PRelu", "x a", "y")), "at most 16777216 elements"},
	}...)
}

// external moves the data of the first initializer of an encoded model to a file.
// Package graph does not write such models.
func external(model []byte, location string) []byte {
	const graphField, initializerField = 7, 5 // of ModelProto, GraphProto
	first := true
	return regenerate(model, graphField, func(g []byte) []byte {
		return regenerate(g, initializerField, func(t []byte) []byte {
			if !first {
				return t
			}
			first = false
			const rawData, externalData, dataLocation = 9, 13, 14 // of TensorProto
			t = regenerate(t, rawData, func([]byte) []byte { return nil })
			entry := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "location")
			entry = protowire.AppendString(protowire.AppendTag(entry, 2, protowire.BytesType), location)
			t = protowire.AppendBytes(protowire.AppendTag(t, externalData, protowire.BytesType), entry)
			return protowire.AppendVarint(protowire.AppendTag(t, dataLocation, protowire.VarintType), 1)
		})
	})
}

// regenerate changes the fields of a number in a message; one made nil is left out.
func regenerate(message []byte, field protowire.Number, change func([]byte) []byte) (out []byte) {
	for len(message) > 0 {
		num, _, n := protowire.ConsumeField(message)
		part := message[:n]
		message = message[n:]
		if num == field {
			_, _, tag := protowire.ConsumeTag(part)
			content, _ := protowire.ConsumeBytes(part[tag:])
			content = change(content)
			if content == nil {
				continue
			}
			part = protowire.AppendBytes(slices.Clone(part[:tag]), content)
		}
		out = append(out, part...)
	}
	return out
}

// TestHostileFilesAreCurrent holds the folder against the generator; with -update
// it writes it.
func TestHostileFilesAreCurrent(t *testing.T) {
	expect := map[string]string{
		"folder.onnx":  "it is not a regular file",
		"missing.onnx": "no such file",
	}
	files := map[string][]byte{"folder.onnx/README": []byte("A folder with the name of a model.\n")}
	for _, h := range hostileFiles(t) {
		if expect[h.name] != "" {
			t.Fatalf("%s is there twice", h.name)
		}
		files[h.name], expect[h.name] = h.data, h.want
		if len(h.data) > 2048 {
			t.Errorf("%s has %d bytes; keep it small", h.name, len(h.data))
		}
	}
	var list bytes.Buffer
	enc := json.NewEncoder(&list)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(expect); err != nil {
		t.Fatal(err)
	}
	files["expect.json"] = list.Bytes()
	for name, data := range files {
		path := filepath.Join(hostileDir, name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s is not what the generator gives (%v): run go test ./onnxio -run Hostile -update", path, err)
		}
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(hostileDir, "expect.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expect map[string]string
	if err := json.Unmarshal(b, &expect); err != nil {
		t.Fatal(err)
	}
	if len(expect) < 40 {
		t.Errorf("expect.json lists only %d files", len(expect))
	}
	for _, name := range slices.Sorted(maps.Keys(expect)) {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(hostileDir, name)
			im, err := Load(path)
			if err == nil || im != nil {
				t.Fatalf("got %v and error %v", im, err)
			}
			if !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), expect[name]) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is %q; want one line that begins with the file and has %q in it", err, expect[name])
			}
		})
	}
	entries, err := os.ReadDir(hostileDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "expect.json" && expect[e.Name()] == "" {
			t.Errorf("%s is not in expect.json", e.Name())
		}
	}
}

// Every flipped bit and every prefix of a model gives a network or an error, not
// both and no panic; a network that is given can be run.
func TestDamagedModelsNeverPanic(t *testing.T) {
	whole := smallModel(t).Bytes()
	try := func(b []byte) (taken bool) {
		m, err := graph.Read(b)
		if err != nil {
			return false
		}
		im, err := Import(m)
		if (im == nil) == (err == nil) {
			t.Fatalf("network %v and error %v", im, err)
		}
		if err == nil && im.Network.InputShape().Size() < 1<<12 && im.Network.OutputShape().Size() < 1<<12 {
			run(t, im.Network, 1)
		}
		return err == nil
	}
	taken := 0
	for i := range whole {
		if try(whole[:i]) {
			t.Errorf("the first %d of %d bytes are taken for a model", i, len(whole))
		}
		for bit := range 8 {
			b := slices.Clone(whole)
			b[i] ^= 1 << bit
			if try(b) {
				taken++
			}
		}
	}
	if taken == 0 || taken == 8*len(whole) {
		t.Errorf("%d of %d damaged models are taken", taken, 8*len(whole))
	}
	t.Logf("%d bytes: %d of %d damaged models are still models", len(whole), taken, 8*len(whole))
}
