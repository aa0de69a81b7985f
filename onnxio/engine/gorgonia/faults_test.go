package gorgonia

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/owulveryck/onnx-go"
	"github.com/owulveryck/onnx-go/backend/x/gorgonnx"
	"gorgonia.org/tensor"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// The tests in this file show faults of onnx-go v0.5.0 and Gorgonia v0.9.18 that lower
// goes around. They pass as long as a fault is there: when one fails, the rule that its
// comment names may go, and the test with it.

// twice decodes a model once and runs it two times on x.
func twice(t *testing.T, m *graph.Model, x tensor.Tensor) (first, second []float32, err error) {
	t.Helper()
	backend := gorgonnx.NewGraph()
	program := onnx.NewModel(backend)
	if err := program.UnmarshalBinary(m.Bytes()); err != nil {
		return nil, nil, err
	}
	for _, result := range []*[]float32{&first, &second} {
		if err := program.SetInput(0, x); err != nil {
			return nil, nil, err
		}
		if err := backend.Run(); err != nil {
			return nil, nil, err
		}
		y, err := program.GetOutputTensors()
		if err != nil {
			return nil, nil, err
		}
		*result = slices.Clone(y[0].Data().([]float32))
	}
	return first, second, nil
}

func floats(shape []int, v ...float32) tensor.Tensor {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v))
}

// once is twice with one result.
func once(t *testing.T, m *graph.Model, x tensor.Tensor) ([]float32, error) {
	t.Helper()
	y, _, err := twice(t, m, x)
	return y, err
}

// is fails if a result is not the one that the fault gives.
func is(t *testing.T, got []float32, err error, wrong ...float32) {
	t.Helper()
	if err != nil || !slices.Equal(got, wrong) {
		t.Errorf("got %v (%v), and not the %v of the fault: it may be mended", got, err, wrong)
	}
}

// refused fails if there is no error with some words in it.
func refused(t *testing.T, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("error %v, and not the %q of the fault: it may be mended", err, words)
	}
}

// Rule dense: at batch 1 Gemm writes its result into its bias, so that a second run adds
// to the first.
func TestFaultGemmWritesIntoItsBias(t *testing.T) {
	m := model([]int64{1, 2}, []int64{1, 1}, []*graph.Tensor{
		graph.Float32Tensor("w", []int64{2, 1}, []float32{1, 1}),
		graph.Float32Tensor("b", []int64{1}, []float32{10}),
	}, node("Gemm", "x w b", "y"))
	first, second, err := twice(t, m, floats([]int{1, 2}, 1, 2))
	is(t, first, err, 13)
	is(t, second, err, 16)
}

// Rule dense: Gemm cannot be differentiated.
func TestFaultGemmHasNoGradient(t *testing.T) {
	m := model([]int64{2, 2}, []int64{2, 1}, []*graph.Tensor{
		graph.Float32Tensor("w", []int64{2, 1}, []float32{1, 1}),
		graph.Float32Tensor("b", []int64{1}, []float32{10}),
	}, node("Gemm", "x w b", "y"))
	_, err := gradients(m.Bytes(), nn.NewTensor(2, 2), nn.NewTensor(2, 1), []string{"w"})
	refused(t, err, "panicked")
}

// Rule leaky: LeakyRelu writes into its input.
func TestFaultLeakyReluWritesIntoItsInput(t *testing.T) {
	m := model([]int64{1, 2}, []int64{1, 2}, nil, node("LeakyRelu", "x", "y", graph.FloatAttr("alpha", 0.5)))
	x := floats([]int{1, 2}, -4, 4)
	_, err := once(t, m, x)
	is(t, x.Data().([]float32), err, -1, 4) // −4·½ in the first run and ·½ in the second
}

// Rule leaky: two LeakyRelu of one input are taken for the same, whatever their slopes.
func TestFaultLeakyRelusCollapse(t *testing.T) {
	m := model([]int64{1, 2}, []int64{1, 2}, nil,
		node("LeakyRelu", "x", "a", graph.FloatAttr("alpha", 0.5)),
		node("LeakyRelu", "x", "b", graph.FloatAttr("alpha", -1)),
		node("Sub", "a b", "y"))
	y, err := once(t, m, floats([]int{1, 2}, -4, 4))
	is(t, y, err, 0, 0) // not −6, 0
}

// Rule leaky: LeakyRelu cannot be differentiated.
func TestFaultLeakyReluHasNoGradient(t *testing.T) {
	m := model([]int64{1, 2}, []int64{1, 2}, []*graph.Tensor{graph.Float32Tensor("w", []int64{1, 2}, []float32{1, 1})},
		node("Mul", "x w", "h"), node("LeakyRelu", "h", "y"))
	_, err := gradients(m.Bytes(), nn.NewTensor(1, 2), nn.NewTensor(1, 2), []string{"w"})
	refused(t, err, "panicked")
}

// Rule batchNorm: at batch 1 BatchNormalization writes into its input.
func TestFaultBatchNormWritesIntoItsInput(t *testing.T) {
	m := batchNormModel([]int64{1, 1, 1, 1})
	x := floats([]int{1, 1, 1, 1}, 3)
	_, err := once(t, m, x)
	is(t, x.Data().([]float32), err, 12) // 2·3, and twice that in the second run
}

// Rule batchNorm: BatchNormalization takes no vectors.
func TestFaultBatchNormTakesNoVectors(t *testing.T) {
	_, err := once(t, batchNormModel([]int64{2, 1}), floats([]int{2, 1}, 1, 2))
	refused(t, err, "not implemented")
}

// batchNormModel doubles its input.
func batchNormModel(shape []int64) *graph.Model {
	one := func(name string, v float32) *graph.Tensor { return graph.Float32Tensor(name, []int64{1}, []float32{v}) }
	return model(shape, shape, []*graph.Tensor{one("scale", 2), one("bias", 0), one("mean", 0), one("var", 1)},
		node("BatchNormalization", "x scale bias mean var", "y", graph.FloatAttr("epsilon", 1e-20)))
}

// evenPads: onnx-go takes the first two of pads, which are the beginnings of the axes, for
// the two sides of the first axis. So a row and a column at the end become a column at
// either end.
func TestFaultConvTakesOneSideForAnother(t *testing.T) {
	m := endPaddedConv(2)
	y, err := once(t, m, floats([]int{1, 1, 2, 2}, 1, 2, 3, 4))
	is(t, y, err, 14, 30, 14)                                      // not 30, 14, 11, 4
	m.Graph.Nodes[0].Attrs[1] = graph.IntsAttr("pads", 1, 0, 1, 0) // the same above and below
	_, err = once(t, m, floats([]int{1, 1, 2, 2}, 1, 2, 3, 4))
	refused(t, err, "Asymetric padding")
}

// endPaddedConv is a convolution of a map of so many rows and two columns.
func endPaddedConv(rows int64) *graph.Model {
	w := graph.Float32Tensor("w", []int64{1, 1, 2, 2}, []float32{1, 2, 3, 4})
	return model([]int64{1, 1, rows, 2}, []int64{1, 1, rows, 2}, []*graph.Tensor{w},
		node("Conv", "x w", "y", graph.IntsAttr("kernel_shape", 2, 2), graph.IntsAttr("pads", 0, 0, 1, 1)))
}

// walk: a panic in one of Gorgonia's machines is in a goroutine of the machine's and ends
// the program, which is why this test starts another one.
func TestFaultMachinesEndTheProgram(t *testing.T) {
	const child = "GONN_GORGONIA_PANICS"
	if os.Getenv(child) != "" {
		func() {
			defer func() { recover() }()
			once(t, endPaddedConv(1), floats([]int{1, 1, 1, 2}, 1, 1))
		}()
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=^TestFaultMachinesEndTheProgram$")
	cmd.Env = append(os.Environ(), child+"=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "tapeMachine") {
		t.Errorf("the program ended with %v and %q: panics may be caught now", err, out)
	}
}

// evenPads: MaxPool has the same fault.
func TestFaultMaxPoolTakesOneSideForAnother(t *testing.T) {
	m := model([]int64{1, 1, 1, 2}, []int64{1, 1, 2, 2}, nil,
		node("MaxPool", "x", "y", graph.IntsAttr("kernel_shape", 2, 1), graph.IntsAttr("strides", 1, 1), graph.IntsAttr("pads", 1, 0, 1, 0)))
	y, err := once(t, m, floats([]int{1, 1, 1, 2}, 1, 2))
	if err == nil && slices.Equal(y, []float32{1, 2, 1, 2}) {
		t.Error("the pads may be understood now")
	}
}

// Rule conv: groups are not looked at.
func TestFaultConvTakesNoNoticeOfGroups(t *testing.T) {
	m := model([]int64{1, 2, 1, 1}, []int64{1, 2, 1, 1}, []*graph.Tensor{graph.Float32Tensor("w", []int64{2, 1, 1, 1}, []float32{1, 2})},
		node("Conv", "x w", "y", graph.IntsAttr("kernel_shape", 1, 1), graph.IntAttr("group", 2)))
	if y, err := once(t, m, floats([]int{1, 2, 1, 1}, 3, 5)); err == nil && slices.Equal(y, []float32{3, 10}) {
		t.Error("groups may be understood now")
	}
}

// write: one of two operands that are the same value is lost.
func TestFaultSameOperandTwice(t *testing.T) {
	m := model([]int64{1, 2}, []int64{1, 2}, nil, node("Mul", "x x", "y"))
	_, err := once(t, m, floats([]int{1, 2}, 3, 4))
	refused(t, err, "bad arity")
}

// beside: which axis a vector belongs to is guessed by its size. ONNX puts [2] on the
// last axis of [1, 2, 2].
func TestFaultVectorsAreBroadcastByGuess(t *testing.T) {
	m := model([]int64{1, 2, 2}, []int64{1, 2, 2}, []*graph.Tensor{graph.Float32Tensor("c", []int64{2}, []float32{10, 20})}, node("Add", "x c", "y"))
	y, err := once(t, m, floats([]int{1, 2, 2}, 0, 0, 0, 0))
	if err == nil && slices.Equal(y, []float32{10, 20, 10, 20}) {
		t.Error("vectors may be broadcast as ONNX does now")
	}
}

// binary and beside: tensors of four axes are not broadcast to one another.
func TestFaultNoBroadcastOfFourAxes(t *testing.T) {
	m := model([]int64{1, 2, 1, 2}, []int64{1, 2, 1, 2}, []*graph.Tensor{graph.Float32Tensor("c", []int64{1, 2, 1, 1}, []float32{10, 20})}, node("Add", "x c", "y"))
	_, err := once(t, m, floats([]int{1, 2, 1, 2}, 0, 0, 0, 0))
	refused(t, err, "not yet implemented")
}

// values: an axis whose size is a symbol is dropped from the shape.
func TestFaultSymbolicBatchIsDropped(t *testing.T) {
	m := model([]int64{1, 2}, []int64{1, 2}, nil, node("Relu", "x", "y"))
	m.Graph.Inputs[0].Shape[0] = graph.Dim{Param: "N"}
	program := onnx.NewModel(gorgonnx.NewGraph())
	if err := program.UnmarshalBinary(m.Bytes()); err != nil {
		t.Fatal(err)
	}
	if shape := program.GetInputTensors()[0].Shape(); !slices.Equal(shape, []int{2}) {
		t.Errorf("the input has shape %v: symbols may be known now", shape)
	}
}

// Rule globalAverage: the gradient of GlobalAveragePool panics.
func TestFaultGlobalAverageHasNoGradient(t *testing.T) {
	m := model([]int64{2, 1, 2, 2}, []int64{2, 1, 1, 1}, []*graph.Tensor{graph.Float32Tensor("w", []int64{1, 1, 1}, []float32{1})},
		node("Mul", "x w", "h"), node("GlobalAveragePool", "h", "y"))
	_, err := gradients(m.Bytes(), nn.NewTensor(2, 1, 2, 2), nn.NewTensor(2, 1, 1, 1), []string{"w"})
	refused(t, err, "panicked")
}

// Rule globalAverage: a −1 that is to be inferred comes out below zero unless it is the
// last. Here [2, 2] is to become [4, 1].
func TestFaultReshapeInfersWrongly(t *testing.T) {
	m := model([]int64{2, 2}, []int64{2, 2}, []*graph.Tensor{graph.Int64Tensor("s", []int64{3}, []int64{-1, 2, 1})}, node("Reshape", "x s", "y"))
	if _, err := once(t, m, floats([]int{2, 2}, 1, 2, 3, 4)); err == nil {
		t.Error("sizes may be inferred rightly now")
	}
}

// overVectors: a softmax over channels is taken over pixels too.
func TestFaultSoftmaxTakesMapsForVectors(t *testing.T) {
	m := model([]int64{1, 1, 1, 2}, []int64{1, 1, 1, 2}, nil, node("Softmax", "x", "y", graph.IntAttr("axis", 1)))
	y, err := once(t, m, floats([]int{1, 1, 1, 2}, 0, 0))
	is(t, y, err, 0.5, 0.5) // not 1, 1
}

// guard: a broken file makes onnx-go panic, here a node that reads its own result.
func TestFaultBrokenFilesPanic(t *testing.T) {
	m := model([]int64{1, 2}, []int64{1, 2}, nil, node("Relu", "y", "y"))
	_, err := run(m.Bytes(), nn.NewTensor(1, 2))
	refused(t, err, "panicked")
}

// alone: names of nodes come from a counter without a lock. The counter is not exported;
// what can be seen is that names of two graphs go on counting.
func TestFaultGraphsShareACounter(t *testing.T) {
	var names []string
	for range 2 {
		p, err := decode(model([]int64{1, 2}, []int64{1, 2}, nil, node("Relu", "x", "y")).Bytes(), nn.NewTensor(1, 2))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, p.graph.Inputs()[0].Name())
	}
	if names[0] == names[1] {
		t.Errorf("both inputs are called %s: graphs may be independent now", names[0])
	}
}
