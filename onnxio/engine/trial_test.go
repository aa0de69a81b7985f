package engine_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// typed sets the type of the input and casts it to FLOAT before everything else.
func typed(m *graph.Model, t graph.DataType) *graph.Model {
	m.Graph.Inputs[0].Type = t
	for _, n := range m.Graph.Nodes {
		if n.Inputs[0] == "x" {
			n.Inputs[0] = "x_float"
		}
	}
	cast := &graph.Node{OpType: "Cast", Inputs: []string{"x"}, Outputs: []string{"x_float"}, Attrs: []*graph.Attr{graph.IntAttr("to", int64(graph.Float))}}
	m.Graph.Nodes = append([]*graph.Node{cast}, m.Graph.Nodes...)
	return m
}

// pictures gives a script an input of pictures (N, sizes…), which it flattens.
func pictures(m *graph.Model, sizes ...int64) *graph.Model {
	m.Graph.Inputs[0].Shape = []graph.Dim{{Param: "N"}}
	for _, d := range sizes {
		m.Graph.Inputs[0].Shape = append(m.Graph.Inputs[0].Shape, graph.Dim{Size: d})
	}
	for _, n := range m.Graph.Nodes {
		if n.Inputs[0] == "x" {
			n.Inputs[0] = "x_flat"
		}
	}
	flat := &graph.Node{OpType: "Flatten", Inputs: []string{"x"}, Outputs: []string{"x_flat"}}
	m.Graph.Nodes = append([]*graph.Node{flat}, m.Graph.Nodes...)
	return m
}

func TestTry(t *testing.T) {
	const all = "compare, eval and predict still run it, on the reference evaluator"
	const one = "compare still runs it, on the reference evaluator"
	large := through(0, 3, 1<<11, 1<<11)
	expands := through(0, 4)
	expands.Graph.Nodes[0] = &graph.Node{OpType: "Expand", Inputs: []string{"x", "to"}, Outputs: []string{"y"}}
	expands.Graph.Initializers = []*graph.Tensor{graph.Int64Tensor("to", []int64{3}, []int64{1 << 14, 1 << 12, 4})}
	pads := through(0, 4)
	pads.Graph.Nodes[0] = &graph.Node{OpType: "Pad", Inputs: []string{"x", "to"}, Outputs: []string{"y"}}
	pads.Graph.Initializers = []*graph.Tensor{graph.Int64Tensor("to", []int64{4}, []int64{0, 0, 20000, 10000})}
	two := identity(map[string]graph.DataType{"a": graph.Float, "b": graph.Int64})
	for _, v := range two.Graph.Inputs {
		v.HasShape, v.Shape = true, []graph.Dim{{Param: "N"}, {Size: 3}}
	}
	strange := script(t, 3, "y = Strange(z)")
	breaks := script(t, 3, "y = Reshape(z, two_i)")
	whole := script(t, 3, "y = ArgMax(z) axis=1 keepdims=0")
	whole.Graph.Outputs[0].Type = graph.Int64
	rankless := through(0, 4)
	rankless.Graph.Inputs[0].HasShape = false
	table := script(t, 3, "y = Softmax(z) axis=1")
	table.Graph.Inputs[0].Type = graph.Int64
	table.Graph.Nodes[0] = &graph.Node{OpType: "Gather", Inputs: []string{"w", "x"}, Outputs: []string{"z"}}
	end := func(lines ...string) *graph.Model { return pictures(script(t, 3, lines...), 1, 2, 3) }
	single := end("a = Unsqueeze(z, axis1)", "y = Squeeze(a, zero_i)")
	bytes := through(16, 1, 1<<12, 1<<12)
	bytes.Graph.Inputs[0].Type = graph.Uint8
	for name, tc := range map[string]struct {
		m    *graph.Model
		want string
	}{
		"float":        {end("y = Softmax(z) axis=1"), all},
		"uint8":        {typed(end("y = Identity(z)"), graph.Uint8), all},
		"bool":         {typed(end("y = Identity(z)"), graph.Bool), all},
		"half":         {typed(end("y = Identity(z)"), graph.Float16), all},
		"open size":    {through(0, 3, -1, -1), all},
		"open, NHWC":   {through(0, -1, -1, 3), all},
		"all open":     {through(0, -1, -1, -1), "compare and eval still run it"},
		"fixed batch":  {through(4, 1, 2, 3), all},
		"vectors":      {script(t, 3, "y = Softmax(z) axis=1"), one},
		"height first": {through(-1, -1), one},
		"indices":      {table, one},
		"five axes":    {through(0, 1, 2, 2, 2), one},
		"two channels": {through(0, 2, 4, 4), one},
		"scalar":       {end("y = ReduceSum(z) keepdims=0"), one},
		"other rows":   {end("y = Transpose(z) perm=1,0"), one},
		"one sample":   {single, "compare still runs it for one sample at a time, given by --inputs"},
		"two inputs":   {two, one},
		"classes":      {whole, one},
		"operator":     {strange, "nor can the reference evaluator run it: node (Strange)"},
		"breaks":       {breaks, "did not run a made-up sample: node (Reshape)"},
		"rank":         {rankless, "has all of its operators, so that compare and eval may run it (not tried: input \"x\": it has no shape in the file)"},
		"large":        {large, "so that compare, eval and predict may run it (not tried: input \"x\": 2 × (3, 2048, 2048) is too large to make up)"},
		"large batch":  {through(16, 1, 1<<12, 1<<12), "not tried: input \"x\": 16 × (1, 4096, 4096) is too large"},
		"large bytes":  {bytes, "not tried: input \"x\": 16 × (1, 4096, 4096) is too large"},
		"large inputs": {inputs(20, 1, 1, 1<<10, 1<<10), "not tried: input \"x4\": 1 × (1, 1024, 1024) is too large"},
		"many values":  {expands, "not tried: node (Expand) with output \"y\": it takes more time or memory than a trial may"},
		"many pads":    {pads, "not tried: node (Pad) with output \"y\": it takes more time or memory than a trial may"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := engine.Try(tc.m)
		runtime.ReadMemStats(&after)
		if !strings.Contains(got.String(), tc.want) {
			t.Errorf("%s: %q, want %q in it", name, got, tc.want)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 64<<20 {
			t.Errorf("%s: it allocates %d MB", name, took>>20)
		}
		if got.Runs && got.Untried != nil || (got.Runs || got.Untried != nil) == (got.Err != nil) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// inputs is a model of several inputs x0, x1, … of a shape.
func inputs(count int, sizes ...int64) *graph.Model {
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{}}
	for i := range count {
		x, y := fmt.Sprint("x", i), fmt.Sprint("y", i)
		v := through(sizes...).Graph.Inputs[0]
		v.Name = x
		m.Graph.Inputs = append(m.Graph.Inputs, v)
		m.Graph.Outputs = append(m.Graph.Outputs, &graph.Value{Name: y, Type: graph.Float})
		m.Graph.Nodes = append(m.Graph.Nodes, &graph.Node{OpType: "Exp", Inputs: []string{x}, Outputs: []string{y}})
	}
	return m
}

// Whole numbers are given as the pixels that samples come from.
func TestClassifierOfIntegers(t *testing.T) {
	for _, tc := range []struct {
		t    graph.DataType
		give []float32 // of a sample
		want []float32
		err  string
	}{
		{graph.Uint8, []float32{0, 1, 0.5, 7. / 255, 128. / 255, 254. / 255}, []float32{0, 255, 0, 7, 128, 254}, "element 2 is 127.5"},
		{graph.Uint8, []float32{0, 1, 1. / 255, 7. / 255, 128. / 255, 254. / 255}, []float32{0, 255, 1, 7, 128, 254}, ""},
		{graph.Uint16, []float32{0, 1, 1. / 255, 7. / 255, 128. / 255, 254. / 255}, []float32{0, 255, 1, 7, 128, 254}, ""},
		{graph.Int32, []float32{0, 1, 1. / 255, 7. / 255, 128. / 255, 254. / 255}, []float32{0, 255, 1, 7, 128, 254}, ""},
		{graph.Int64, []float32{0, 1, 1. / 255, 7. / 255, 128. / 255, 254. / 255}, []float32{0, 255, 1, 7, 128, 254}, ""},
		{graph.Bool, []float32{0, 1, 1. / 255, 0, 0.5, 0}, []float32{0, 1, 1, 0, 1, 0}, ""},
		{graph.Float16, []float32{0, 1, 0.5, 0.25, 2, -1}, []float32{0, 1, 0.5, 0.25, 2, -1}, ""},
		{graph.Double, []float32{0, 1, 0.5, 0.25, 2, -1}, []float32{0, 1, 0.5, 0.25, 2, -1}, ""},
	} {
		m := typed(script(t, 6, "y = Identity(x_float)"), tc.t)
		m.Graph.Nodes = append(m.Graph.Nodes[:1], m.Graph.Nodes[2:]...)
		c, err := engine.NewClassifier(engine.Reference{}, m, engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Outputs(samplesOf(t, &nn.Tensor{Shape: []int{1, 6}, Data: tc.give}), 1)
		if tc.err != "" {
			if err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%v: error %v, want %q in it", tc.t, err, tc.err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		y, err := c.End.Predict(got, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range y.Data {
			if v != tc.want[i] {
				t.Errorf("%v: the model is given %v, want %v", tc.t, y.Data, tc.want)
				break
			}
		}
	}
	raw, err := engine.NewClassifier(engine.Reference{}, typed(script(t, 3, "y = Identity(z)"), graph.Uint8), engine.Options{Raw: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Outputs(samplesOf(t, &nn.Tensor{Shape: []int{1, 6}, Data: []float32{0, 255, 3, 4, 5, 6}}), 1); err != nil {
		t.Error(err)
	}
	pixels, err := engine.NewClassifier(engine.Reference{}, typed(script(t, 3, "y = Identity(z)"), graph.Uint8), engine.Options{})
	if err != nil || len(raw.Notes) != 0 || len(pixels.Notes) != 1 || !strings.Contains(pixels.Notes[0], "takes UINT8: it is given the pixels as they are") {
		t.Errorf("notes %q and %q, %v", raw.Notes, pixels.Notes, err)
	}
}

// Sizes that the file leaves open come from the data or the caller.
func TestClassifierOfOpenSizes(t *testing.T) {
	for _, tc := range []struct {
		o    engine.Options
		want nn.Shape
		err  string
	}{
		{engine.Options{}, nn.Shape{3, 0, 0}, ""},
		{engine.Options{Sample: nn.Shape{20, 30}}, nn.Shape{3, 20, 30}, ""},
		{engine.Options{Sample: nn.Shape{3, 9, 8}}, nn.Shape{3, 9, 8}, ""},
		{engine.Options{Sample: nn.Shape{7}}, nn.Shape{3, 0, 0}, ""}, // of which axis?
		{engine.Options{Sample: nn.Shape{1, 3, 9, 8}}, nn.Shape{3, 0, 0}, ""},
	} {
		for _, sizes := range [][]int64{{0, 3, -1, -1}, {0, -1, -1, 3}} {
			c, err := engine.NewClassifier(engine.Reference{}, through(sizes...), tc.o)
			if err != nil {
				t.Errorf("%v: %v", tc.o, err)
				continue
			}
			if !c.Shape.Equal(tc.want) {
				t.Errorf("%v of %v: shape %v, want %v", tc.o, sizes, c.Shape, tc.want)
			}
			if shape, err := c.ShapeFor(20, 30); err != nil || shape.Size() == 0 {
				t.Errorf("%v %v", shape, err)
			}
		}
	}
	for _, sizes := range [][]int64{{0, 3, -1}, {0, -1, 3}} { // sequences
		c, err := engine.NewClassifier(engine.Reference{}, through(sizes...), engine.Options{Sample: nn.Shape{7}})
		if err != nil || !slices.Contains(c.Shape, 7) || !slices.Contains(c.Shape, 3) {
			t.Errorf("a length for %v: %v, %v", sizes, c, err)
		}
	}
	c, err := engine.NewClassifier(engine.Reference{}, through(0, 3, 8, 8), engine.Options{Sample: nn.Shape{9, 8}})
	if err != nil || !c.Shape.Equal(nn.Shape{3, 8, 8}) {
		t.Errorf("another size than the file's: %v", err)
	}
}

// What was exported in training mode runs as in inference, and that is said.
func TestReferenceRunsTrainingModeAsInference(t *testing.T) {
	m := script(t, 4, "a = Dropout(z, tenth, yes)", "y = Softmax(a) axis=1")
	yes, err := graph.FromInt64s("yes", graph.Bool, nil, []int64{1})
	if err != nil {
		t.Fatal(err)
	}
	m.Graph.Initializers = append(m.Graph.Initializers, yes)
	expect(t, m, nn.OutputProbabilities, same)
	x := nn.NewTensor(5, 6)
	for i := range x.Data {
		x.Data[i] = float32(i % 7)
	}
	want, err := open(t, engine.Reference{}, script(t, 4, "y = Softmax(z) axis=1")).Run(map[string]*nn.Tensor{"x": x})
	if err != nil {
		t.Fatal(err)
	}
	got, err := open(t, engine.Reference{}, m).Run(map[string]*nn.Tensor{"x": x})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range want["y"].Data {
		if got["y"].Data[i] != v {
			t.Fatalf("%v, in inference %v", got["y"].Data, want["y"].Data)
		}
	}
	trial := engine.Try(m)
	if notes := engine.Notes(m); !trial.Runs || len(trial.Notes) != 1 || len(notes) != 1 || !strings.Contains(notes[0], "1 Dropout of training") {
		t.Errorf("notes %q", notes)
	}
}

// A batch that the file fixes is filled up, for the made-up samples too.
func TestMeaningWithAFixedBatch(t *testing.T) {
	for _, size := range []int64{1, 2, 7} {
		m := script(t, 4, "a = Unsqueeze(z, axes23)", "b = Softmax(a) axis=1", "y = Flatten(b)")
		m.Graph.Inputs[0].Shape[0] = graph.Dim{Size: size}
		c, err := engine.NewClassifier(engine.Reference{}, m, engine.Options{})
		if err != nil {
			t.Fatalf("a batch of %d: %v", size, err)
		}
		if o := c.End.Output(); o != nn.OutputProbabilities || c.End.InputShape().Size() != 4 {
			t.Errorf("a batch of %d: %v of %v", size, o, c.End.InputShape())
		}
	}
}

// Pixels do not fit into INT8, so that only numbers as they are can be given.
func TestClassifierOfInt8(t *testing.T) {
	m := typed(script(t, 6, "y = Identity(x_float)"), graph.Int8)
	m.Graph.Nodes = append(m.Graph.Nodes[:1], m.Graph.Nodes[2:]...)
	if _, err := engine.NewClassifier(engine.Reference{}, m, engine.Options{}); err == nil || !strings.Contains(err.Error(), "takes INT8") {
		t.Errorf("error %v", err)
	}
	if _, err := engine.NewClassifier(engine.Reference{}, m, engine.Options{Raw: true}); err != nil {
		t.Error(err)
	}
	if tr := engine.Try(m); tr.Evaluates || tr.Predicts {
		t.Errorf("%v", tr)
	}
}
