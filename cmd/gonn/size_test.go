package main

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// openPictures is a model of two classes for grey pictures of any size.
func openPictures(t *testing.T) *graph.Model {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{1, 8, 8}, layer.Conv{Out: 4, Kernel: [2]int{3, 3}}, activation.Must("relu"), layer.GlobalAveragePool{}, layer.Flatten{}, layer.Dense{Out: 2})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	m, err := onnxio.Export(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	in := m.Graph.Inputs[0]
	in.Shape[2], in.Shape[3] = graph.Dim{Param: "h"}, graph.Dim{Param: "w"}
	for _, v := range m.Graph.ValueInfo {
		v.HasShape, v.Shape = false, nil
	}
	return m
}

// openSequences is a model for sequences (N, 2, L).
func openSequences(t *testing.T) *graph.Model {
	t.Helper()
	v := make([]float64, 3*2*3)
	for i := range v {
		v[i] = float64(i%5)/4 - 0.5
	}
	w, err := graph.FromFloat64s("w", graph.Float, []int64{3, 2, 3}, v)
	if err != nil {
		t.Fatal(err)
	}
	g := &graph.Graph{
		Name:         "g",
		Inputs:       []*graph.Value{{Name: "x", Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}, {Size: 2}, {Param: "L"}}}},
		Initializers: []*graph.Tensor{w},
		Nodes: []*graph.Node{
			{Name: "c", OpType: "Conv", Inputs: []string{"x", "w"}, Outputs: []string{"c"}},
			{Name: "p", OpType: "GlobalAveragePool", Inputs: []string{"c"}, Outputs: []string{"p"}},
			{Name: "f", OpType: "Flatten", Inputs: []string{"p"}, Outputs: []string{"y"}},
		},
		Outputs: []*graph.Value{{Name: "y", Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}, {Size: 3}}}},
	}
	return &graph.Model{IRVersion: 8, Producer: "test", Opsets: []graph.Opset{{Version: 16}}, Graph: g}
}

// writePB writes a tensor as a TensorProto of FLOAT. Its sizes are below 128.
func writePB(t *testing.T, path string, x *nn.Tensor) {
	t.Helper()
	var b []byte
	for _, d := range x.Shape {
		b = append(b, 0x08, byte(d))
	}
	b = append(b, 0x10, 1, 0x4a)
	b = binary.AppendUvarint(b, uint64(4*len(x.Data)))
	for _, v := range x.Data {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	writeFile(t, path, b)
}

// record writes the set that the evaluator gives for an input of a shape.
func record(t *testing.T, dir string, m *graph.Model, shape ...int) {
	t.Helper()
	x := nn.NewTensor(shape...)
	for i := range x.Data {
		x.Data[i] = float32(i%7)/4 - 0.5
	}
	s, err := engine.Reference{}.Open(m)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	y, err := s.Run(map[string]*nn.Tensor{m.Graph.Inputs[0].Name: x})
	if err != nil {
		t.Fatal(err)
	}
	writePB(t, filepath.Join(dir, "input_0.pb"), x)
	writePB(t, filepath.Join(dir, "output_0.pb"), y[m.Graph.Outputs[0].Name])
}

// Each recorded set runs at its own size on gonn's kernels, and on engines that are named.
func TestRecordedSetsOfManySizes(t *testing.T) {
	t.Chdir(t.TempDir())
	pictures, sequences := openPictures(t), openSequences(t)
	for i, size := range [][]int{{8, 8}, {10, 10}, {10, 10}, {5, 12}} {
		record(t, fmt.Sprintf("p/test_data_set_%d", i), pictures, 2, 1, size[0], size[1])
		record(t, fmt.Sprintf("s/test_data_set_%d", i), sequences, 3, 2, size[0]+size[1])
	}
	writeModel(t, "p/m.onnx", pictures)
	writeModel(t, "s/m.onnx", sequences)
	for _, args := range []string{"p/m.onnx", "s/m.onnx", "p/m.onnx p/m.onnx", "p/m.onnx --engine gonn --engine reference", "s/m.onnx --engine reference"} {
		r := compared(t, strings.Fields(args)...)
		if r.Equal == nil || !*r.Equal || len(r.Replays)%4 != 0 || len(r.Replays) == 0 || r.Failed() > 0 {
			t.Errorf("%s: %+v", args, r)
		}
		for _, row := range r.Replays {
			if !strings.Contains(args, "--engine") && (r.Engine != "gonn" || row.Engine != "") {
				t.Errorf("%s: on %s, %s on %q", args, r.Engine, row.Source, row.Engine)
			}
		}
	}
	// A set that is too small for the convolution is not the others' size.
	writePB(t, "p/test_data_set_4/input_0.pb", nn.NewTensor(1, 1, 2, 2))
	writePB(t, "p/test_data_set_4/output_0.pb", nn.NewTensor(1, 2))
	if _, stderr, code := gonn("compare", "p/m.onnx"); code != exitUsage || !strings.Contains(stderr, "test_data_set_4") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

// --size is for what the file leaves open, with as many numbers as that needs.
func TestSizeIsHeldAgainstTheFile(t *testing.T) {
	t.Chdir(t.TempDir())
	open := openPictures(t)
	writeModel(t, "open.onnx", open)
	writeModel(t, "seq.onnx", openSequences(t))
	open.Graph.Inputs[0].Shape[3] = graph.Dim{Size: 9}
	writeModel(t, "half.onnx", open)
	sine := openPictures(t)
	sine.Graph.Nodes[1].OpType = "Sin"
	writeModel(t, "sine.onnx", sine)
	paint(t, "a.png", 9, 12, true)
	mustRun(t, "import", "open.onnx", "--size", "8x8", "--run", "r")
	mustRun(t, "export", "fixed.onnx", "--run", "r")
	x := nn.NewTensor(1, 1, 7, 11)
	writeNPY(t, "in.npy", x)
	const fixed = "--size is for files that leave the size of their input open"
	for args, want := range map[string]string{
		"predict fixed.onnx a.png --size 16x16":                      fixed + ": fixed.onnx: input",
		"inspect fixed.onnx --size 99x99":                            fixed,
		"import fixed.onnx --size 8x8 --run x":                       fixed,
		"compare fixed.onnx fixed.onnx --same --size 9x9":            fixed,
		"predict --run r a.png --size 16x16":                         fixed + ": r takes samples of shape (1, 8, 8)",
		"predict open.onnx a.png --size 16":                          "--size 16: open.onnx: input",
		"inspect open.onnx --size 16":                                "need HEIGHTxWIDTH",
		"inspect open.onnx --size 3x16x16":                           "(N, 1, h, w), which it does not fit",
		"inspect half.onnx --size 9x8":                               "(N, 1, h, 9), which it does not fit",
		"inspect seq.onnx --size 16x16":                              "need a LENGTH",
		"compare seq.onnx seq.onnx --same":                           "give --inputs or --size",
		"import seq.onnx --size 0":                                   "or the LENGTH of sequences",
		"compare open.onnx --engine gonn --inputs in.npy --size 9x9": "in.npy has samples of shape (1, 7, 11)",
	} {
		if _, stderr, code := gonn(strings.Fields(args)...); code != exitUsage || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s", args, code, stderr)
		}
	}
	for args, want := range map[string]string{
		"inspect seq.onnx --size 16":                                  "(2, 1, 16)",
		"import seq.onnx --size 16 --run s":                           "(2, 1, 16)",
		"inspect sine.onnx":                                           "cannot be read as layers", // at any size
		"predict sine.onnx a.png --size 20x20":                        "a.png",
		"compare sine.onnx --engine reference --size 20x20":           "PASS",
		"inspect half.onnx --size 12x9":                               "(1, 12, 9)",
		"inspect open.onnx --size 1x12x9":                             "(1, 12, 9)",
		"compare seq.onnx --engine gonn --engine reference --size 16": "PASS",
		"compare fixed.onnx open.onnx --same":                         "PASS",
		"compare open.onnx --engine gonn --inputs in.npy --size 7x11": "PASS",
	} {
		if out := mustRun(t, strings.Fields(args)...); !strings.Contains(out, want) {
			t.Errorf("%s: %s", args, out)
		}
	}
}

// header makes a PNG say that it has another size. Its pixels cannot be read.
func header(t *testing.T, path string, width, height uint32) {
	t.Helper()
	paint(t, path, 9, 9, true)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint32(b[16:], width)
	binary.BigEndian.PutUint32(b[20:], height)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
}

// The weights of the first layer say how many channels a file takes that leaves them open.
func TestSizeIsHeldAgainstTheWeights(t *testing.T) {
	t.Chdir(t.TempDir())
	paint(t, "a.png", 9, 12, true)
	for _, name := range []string{"open.onnx", "foreign.onnx"} {
		m := openPictures(t)
		m.Graph.Inputs[0].Shape[1] = graph.Dim{Param: "c"}
		if name == "foreign.onnx" {
			m.Graph.Nodes[1].OpType = "Sin"
		}
		writeModel(t, name, m)
		for _, args := range []string{"", "--size 8x8", "--size 1x8x8"} {
			mustRun(t, append([]string{"predict", name, "a.png"}, strings.Fields(args)...)...)
		}
		const want = `input "input" has shape (N, 1, h, w), which it does not fit`
		for _, command := range []string{"predict a.png", "inspect"} {
			args := strings.Fields(command + " --size 3x8x8")
			args = append([]string{args[0], name}, args[1:]...)
			if _, stderr, code := gonn(args...); code != exitUsage || !strings.Contains(stderr, want) {
				t.Errorf("%q: exit %d, %s", args, code, stderr)
			}
		}
	}
}

// A note says which pictures are squashed that nobody has asked to be.
func TestPredictNotesSquashedPictures(t *testing.T) {
	t.Chdir(t.TempDir())
	writeModel(t, "open.onnx", openPictures(t))
	paint(t, "square.png", 16, 16, true)
	paint(t, "high.png", 9, 12, true)
	paint(t, "wide.png", 12, 9, true)
	for args, want := range map[string]string{
		"square.png --size 8x8":               "",
		"high.png":                            "",
		"high.png --size 8x6":                 "",
		"high.png --size 8x8 --resize squash": "",
		"high.png --size 8x8 --resize pad":    "",
		"square.png high.png --size 8x8":      "note: high.png (12 × 9, height × width) has other proportions than 8 × 8 and is squashed; --resize crop or --resize pad keeps proportions\n",
		"wide.png high.png --size 8x8":        "note: wide.png (9 × 12, height × width) and 1 more have other proportions than 8 × 8 and are squashed; ",
	} {
		_, stderr, code := gonn(append([]string{"predict", "open.onnx"}, strings.Fields(args)...)...)
		if code != 0 || !strings.HasPrefix(stderr, want) || want == "" && stderr != "" {
			t.Errorf("%s: exit %d, %q, want %q", args, code, stderr, want)
		}
	}
}

// A picture may be larger than those of sets; above what a network takes there is --size.
func TestPredictTakesLargePictures(t *testing.T) {
	t.Chdir(t.TempDir())
	writeModel(t, "open.onnx", openPictures(t))
	paint(t, "a.png", 1100, 1000, true)
	mustRun(t, "predict", "open.onnx", "a.png")
	header(t, "input.png", 6000, 5000)
	header(t, "maps.png", 3000, 2000) // the convolution makes four maps
	for path, size := range map[string]string{"input.png": "6000 × 5000", "maps.png": "3000 × 2000"} {
		_, stderr, code := gonn("predict", "open.onnx", path)
		if code != exitUsage || !strings.Contains(stderr, path+" has "+size) || !strings.Contains(stderr, "give --size") {
			t.Errorf("%s: exit %d, %s", path, code, stderr)
		}
	}
	header(t, "huge.png", 20000, 5000)
	if _, stderr, code := gonn("predict", "open.onnx", "huge.png"); code == 0 || strings.Contains(stderr, "of a set") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

// Samples of another shape than the network takes are refused before anything is made.
func TestSamplesOfAnotherShape(t *testing.T) {
	t.Chdir(t.TempDir())
	folders(t, "data", "lying", "standing", false)
	writeModel(t, "open.onnx", openPictures(t))
	mustRun(t, "import", "open.onnx", "--size", "8x8", "--run", "r")
	mustRun(t, "export", "fixed.onnx", "--run", "r")
	const want = "takes samples of shape (1, 8, 8), those of data have (1, 12, 9): pictures get that size by --resize squash:8x8"
	for _, args := range []string{"train --net fixed.onnx --data data --run x", "train --net r --data data --run x", "eval fixed.onnx --data data",
		"eval --run r --data data", "compare fixed.onnx --run r --data data"} {
		if _, stderr, code := gonn(strings.Fields(args)...); code == 0 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s", args, code, stderr)
		}
		if strings.HasPrefix(args, "train") {
			if _, err := os.Stat("x"); err == nil {
				t.Errorf("%s: a run folder was made", args)
			}
		}
		mustRun(t, append(strings.Fields(strings.ReplaceAll(args, " x", " made")), "--resize", "squash:8x8")...)
		if err := os.RemoveAll("made"); err != nil {
			t.Fatal(err)
		}
	}
	if _, stderr, code := gonn("eval", "open.onnx", "--data", "data", "--size", "8x8"); code == 0 || !strings.Contains(stderr, want) {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]string{
		"": "[]", "7": "[7]", "30x20": "[30 20]", "3x16384x1": "[3 16384 1]",
		"3x16385x1":              "16385 is more than 16384",
		"1x99999999999999999999": "99999999999999999999 is more than 16384",
		"0x3":                    "need HEIGHTxWIDTH",
		"+3x3":                   "need HEIGHTxWIDTH",
		"-3x3":                   "need HEIGHTxWIDTH",
		"3x":                     "need HEIGHTxWIDTH",
		"1x2x3x4":                "need HEIGHTxWIDTH",
	} {
		shape, err := parseSize(text)
		got := fmt.Sprint([]int(shape))
		if err != nil {
			got = err.Error()
		}
		if (err == nil) != (want[0] == '[') || !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
