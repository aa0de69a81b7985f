package graph

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// Files that ONNX's own Python package wrote: testdata/ref/golden_graph.py.
const goldenDir = "../../testdata/golden/graph"

// golden are the tensors of tensors.onnx as numpy reads them.
type golden struct {
	Tensors map[string]struct { // those whose values are read
		Type   string
		Dims   []int64
		Values []string
	}
	Opaque  []string     // the others
	Rounded [][3]float64 // a number, and the bits of its FLOAT16 and BFLOAT16
}

func readGolden(t *testing.T, file string) (golden, map[string]*Tensor) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(goldenDir, "tensors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want golden
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	if len(want.Tensors) != 26 || len(want.Opaque) != 29 || len(want.Rounded) < 90 {
		t.Fatalf("tensors.json lists %d, %d and %d", len(want.Tensors), len(want.Opaque), len(want.Rounded))
	}
	m, err := ReadFile(filepath.Join(goldenDir, file))
	if err != nil {
		t.Fatal(err)
	}
	tensors := map[string]*Tensor{}
	for _, tensor := range m.Graph.Initializers {
		tensors[tensor.Name] = tensor
	}
	return want, tensors
}

// values gives the elements of t as Python prints them, and a tensor made from them.
func values(t *Tensor) (printed []string, made *Tensor, err error) {
	switch t.Type.class() {
	case floats:
		v, err := t.Float64s()
		if err != nil {
			return nil, nil, err
		}
		made, err = FromFloat64s(t.Name, t.Type, t.Dims, v)
		return print(v, func(x float64) string { return strconv.FormatUint(math.Float64bits(x), 16) }), made, err
	case unsigned:
		v, err := t.Uint64s()
		if err != nil {
			return nil, nil, err
		}
		made, err = FromUint64s(t.Name, t.Type, t.Dims, v)
		return print(v, func(x uint64) string { return strconv.FormatUint(x, 10) }), made, err
	case bools:
		v, err := t.Bools()
		if err != nil {
			return nil, nil, err
		}
		made, err = FromBools(t.Name, t.Dims, v)
		return print(v, strconv.FormatBool), made, err
	}
	v, err := t.Int64s()
	if err != nil {
		return nil, nil, err
	}
	made, err = FromInt64s(t.Name, t.Type, t.Dims, v)
	return print(v, func(x int64) string { return strconv.FormatInt(x, 10) }), made, err
}

func print[T any](list []T, one func(T) string) (printed []string) {
	for _, v := range list {
		printed = append(printed, one(v))
	}
	return printed
}

func TestEveryEncodingThatONNXWritesIsRead(t *testing.T) {
	want, inside := readGolden(t, "tensors.onnx")
	_, outside := readGolden(t, "tensors.external.onnx")
	for name, w := range want.Tensors {
		t.Run(name, func(t *testing.T) {
			kind, encoding, _ := strings.Cut(name, " ")
			if w.Type != kind {
				t.Fatalf("it is described as %s", w.Type)
			}
			raw := inside[kind+" raw"]
			files := []*Tensor{inside[name]}
			if encoding == "raw" {
				files = append(files, outside[name])
			}
			for _, tensor := range files {
				if tensor == nil {
					t.Fatal("it is not in the file")
				}
				got, made, err := values(tensor)
				if err != nil {
					t.Fatal(err)
				}
				wanted := w.Values
				if tensor.Type.class() == floats {
					wanted = print(wanted, func(s string) string {
						v, err := strconv.ParseFloat(s, 64)
						if err != nil {
							t.Fatal(err)
						}
						return strconv.FormatUint(math.Float64bits(v), 16)
					})
				}
				if tensor.Type.String() != kind || !reflect.DeepEqual(tensor.Dims, w.Dims) || !reflect.DeepEqual(got, wanted) {
					t.Errorf("got %s %v %v, want %v %v", tensor.Type, tensor.Dims, got, w.Dims, wanted)
				}
				if !bytes.Equal(made.Raw, raw.Raw) {
					t.Errorf("made from its values it is % x, ONNX wrote % x", made.Raw, raw.Raw)
				}
			}
		})
	}
}

func TestTypesWhoseValuesAreNotReadAreRefusedByName(t *testing.T) {
	want, tensors := readGolden(t, "tensors.onnx")
	for _, name := range want.Opaque {
		tensor := tensors[name]
		if tensor == nil {
			t.Errorf("%s is not in the file", name)
			continue
		}
		kind, _, _ := strings.Cut(name, " ")
		_, err1 := tensor.Float64s()
		_, err2 := tensor.Float32s()
		_, err3 := tensor.Int64s()
		_, err4 := tensor.Uint64s()
		_, err5 := tensor.Bools()
		message := `tensor "` + name + `": its type is ` + kind + ", whose values are not read"
		for _, err := range []error{err1, err2, err3, err4, err5} {
			if err == nil || err.Error() != message {
				t.Errorf("got %v, want %s", err, message)
			}
		}
	}
	if got := tensors["STRING"].Strings; !reflect.DeepEqual(got, []string{"one", "ü"}) {
		t.Errorf("strings %q", got)
	}
}

func TestNumbersAreRoundedTo16BitsAsByNumpy(t *testing.T) {
	want, _ := readGolden(t, "tensors.onnx")
	for _, row := range want.Rounded {
		if half, bfloat := toHalf(row[0]), toBFloat(row[0]); half != uint16(row[1]) || bfloat != uint16(row[2]) {
			t.Errorf("%v is %#04x and %#04x, want %#04x and %#04x", row[0], half, bfloat, uint16(row[1]), uint16(row[2]))
		}
	}
}

func TestConstantIsReadInAllItsForms(t *testing.T) {
	m, err := ReadFile(filepath.Join(goldenDir, "constants.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for _, n := range m.Graph.Nodes {
		got[n.Name] = n.Attr(n.Name).Value
	}
	tensor := got["value"].(*Tensor)
	if v, err := tensor.Int64s(); err != nil || !reflect.DeepEqual(v, []int64{3, -4}) {
		t.Errorf("value is %v, %v", v, err)
	}
	delete(got, "value")
	want := map[string]any{"value_float": float32(0.5), "value_floats": []float32{0.5, -1}, "value_int": int64(3),
		"value_ints": []int64{3, -4}, "value_string": "a", "value_strings": []string{"a", "b"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTheOldestFormatIsRead(t *testing.T) {
	m, err := ReadFile(filepath.Join(goldenDir, "ir3.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	want := &Model{
		IRVersion: 3, Opsets: []Opset{{"", 6}}, Metadata: []Meta{{"key", "value"}},
		Graph: &Graph{
			Name: "g",
			Inputs: []*Value{{Name: "x", Type: Float, Shape: []Dim{{Param: "N", Size: -1}, {Size: 2}}, HasShape: true},
				{Name: "w", Type: Float, Shape: []Dim{{Size: 2}}, HasShape: true}},
			Outputs:      []*Value{{Name: "y", Type: Float, Shape: []Dim{{Param: "N", Size: -1}, {Size: 2}}, HasShape: true}},
			Initializers: []*Tensor{Float32Tensor("w", []int64{2}, []float32{0.25, -1})},
			Nodes:        []*Node{{OpType: "PRelu", Inputs: []string{"x", "w"}, Outputs: []string{"y"}}},
		},
	}
	compareModels(t, m, want)
}

func TestWhatIsNotReadIsRefusedByName(t *testing.T) {
	want := map[string]string{
		"sparse-initializer":      `graph "g": sparse_initializer: sparse tensors are not read`,
		"sparse-constant":         `attribute "sparse_value": sparse_tensor: sparse tensors are not read`,
		"quantization-annotation": `graph "g": quantization_annotation: it would change what tensors stand for`,
		"training-info":           "training_info: training graphs are not read",
		"sequence":                `graph "g": input 0 "x": sequence_type: sequence types are not read`,
		"optional":                `graph "g": input 0 "x": optional_type: optional types are not read`,
		"map":                     `graph "g": input 0 "x": map_type: map types are not read`,
		"tensors-attribute":       `node 0 "" (Own): attribute "list": tensors: lists of tensors are not read`,
	}
	paths, err := filepath.Glob(filepath.Join(goldenDir, "refused", "*.onnx"))
	if err != nil || len(paths) != len(want) {
		t.Fatalf("%d files, want %d, %v", len(paths), len(want), err)
	}
	for _, path := range paths {
		m, err := ReadFile(path)
		name := strings.TrimSuffix(filepath.Base(path), ".onnx")
		mustFail(t, m, err, path+": ")
		mustFail(t, m, err, want[name])
	}
}
