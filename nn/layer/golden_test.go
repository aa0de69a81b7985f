package layer_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/internal/golden"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// layerGoldens are the cases of single layers that each framework has, in
// testdata/golden/layers. testdata/ref/layer_cases.py describes them.
var layerGoldens = map[string]string{
	"pytorch": `add add-channels add-three averagepool averagepool-ceil averagepool-ceil-dropped averagepool-ceil-pads
		averagepool-ceil-uncounted averagepool-pads averagepool-pads-uncounted averagepool-stride3 concat concat-vectors
		conv conv-dilation conv-groups convtranspose convtranspose-dilation convtranspose-groups convtranspose-outputpad
		convtranspose-stride3 dense depthwise flatten-dense globalaverage globalaverage-flat globalmax logsoftmax
		logsoftmax-map maxpool maxpool-ceil maxpool-ceil-pads maxpool-dilation maxpool-one maxpool-pads maxpool-stride3
		maxpool-ties mul mul-channels pad pad-value separable softmax softmax-map`,
	"keras": `add add-channels add-three averagepool averagepool-same averagepool-stride3 concat concat-vectors conv
		conv-dilation conv-same convtranspose convtranspose-same convtranspose-same-even dense depthwise flatten-dense
		globalaverage globalaverage-flat globalmax logsoftmax logsoftmax-map maxpool maxpool-one maxpool-same
		maxpool-same-stride1 maxpool-stride3 maxpool-ties mul mul-channels pad separable softmax softmax-map`,
}

// layerGolden is one case: a chain of layers, of which the first may have several inputs.
type layerGolden struct {
	Framework string
	Layers    []struct {
		Kind     string
		Settings json.RawMessage
	}
	Inputs     []nn.Shape
	Batch      int
	Tolerances struct {
		Y        struct{ Atol, Rtol float64 }
		GradNorm float64 `json:"grad_norm"`
	}

	golden.Arrays
	chain []*goldenLink
	worst float64
}

// goldenLink is a layer of the chain.
type goldenLink struct {
	bound op.Op
	w, dw op.Weights
	x     [][]nn.Block // of each block, each input
	y     []nn.Block   // of each block
}

func TestLayersEqualPyTorchAndKeras(t *testing.T) {
	for framework, names := range layerGoldens {
		for _, name := range strings.Fields(names) {
			t.Run(framework+"/"+name, func(t *testing.T) {
				g := openLayerGolden(t, framework, name)
				g.forward(t)
				g.backward(t)
				g.CheckUsed(t)
				t.Logf("%.1e at most", g.worst)
			})
		}
	}
}

// Every case of the folder is in the list, so that none is left out in silence.
func TestNoLayerGoldenIsLeftOut(t *testing.T) {
	for framework, names := range layerGoldens {
		var got []string
		files, err := filepath.Glob(filepath.Join(goldenDir, "layers", framework, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			got = append(got, filepath.Base(f))
		}
		var want []string
		for _, name := range strings.Fields(names) {
			want = append(want, name+".json", name+".npz")
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s has %q, the test takes %q", framework, got, want)
		}
	}
	folders, err := os.ReadDir(filepath.Join(goldenDir, "layers"))
	if err != nil || len(folders) != len(layerGoldens) {
		t.Errorf("%d folders of layers (%v), want %d", len(folders), err, len(layerGoldens))
	}
}

func openLayerGolden(t *testing.T, framework, name string) *layerGolden {
	t.Helper()
	base := filepath.Join(goldenDir, "layers", framework, name)
	g := &layerGolden{Arrays: golden.Open(t, base+".npz")}
	text, err := os.ReadFile(base + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, g); err != nil {
		t.Fatal(err)
	}
	if tol := g.Tolerances; g.Framework != framework || g.Batch < 1 || len(g.Layers) == 0 || !(tol.Y.Rtol > 0 && tol.GradNorm > 0) {
		t.Fatalf("%s.json lacks something: %+v", base, g)
	}
	in := g.Inputs
	for i, l := range g.Layers {
		read := golden.Kinds[l.Kind]
		if read == nil {
			t.Fatalf("no layer of kind %q is known here", l.Kind)
		}
		layer, err := read(l.Settings)
		if err != nil {
			t.Fatal(err)
		}
		bound, err := layer.Bind(in)
		if err != nil {
			t.Fatal(err)
		}
		link := &goldenLink{bound: bound}
		for _, p := range bound.Params() {
			v := g.Values(t, fmt.Sprintf("param/%d.%s", i, p.Name), p.Shape...)
			link.w, link.dw = append(link.w, v), append(link.dw, make([]float32, len(v)))
		}
		g.chain = append(g.chain, link)
		in = []nn.Shape{bound.Shape()}
	}
	return g
}

// blocks puts samples (N, …) into blocks.
func (g *layerGolden) blocks(t *testing.T, key string, shape nn.Shape) (all []nn.Block) {
	t.Helper()
	x := &nn.Tensor{Shape: append([]int{g.Batch}, shape...)}
	x.Data = g.Values(t, key, x.Shape...)
	for first := 0; first < g.Batch; first += nn.Lanes {
		b := nn.NewBlock(shape)
		b.SetSamples(x.Data[first*shape.Size():])
		all = append(all, b)
	}
	return all
}

// samples takes them out again.
func (g *layerGolden) samples(all []nn.Block) (v []float32) {
	for i := range g.Batch {
		b := all[i/nn.Lanes]
		one := make([]float32, b.Shape.Size())
		b.Sample(i%nn.Lanes, one)
		v = append(v, one...)
	}
	return v
}

func (g *layerGolden) forward(t *testing.T) {
	t.Helper()
	x := make([][]nn.Block, (g.Batch+nn.Lanes-1)/nn.Lanes)
	for i, shape := range g.Inputs {
		for b, block := range g.blocks(t, fmt.Sprintf("x%d", i), shape) {
			x[b] = append(x[b], block)
		}
	}
	for _, link := range g.chain {
		link.x = x
		x = make([][]nn.Block, len(x))
		for b := range x {
			y := nn.NewBlock(link.bound.Shape())
			link.bound.Forward(&op.Call{W: link.w, X: link.x[b], Y: y})
			link.y = append(link.y, y)
			x[b] = []nn.Block{y}
		}
	}
	last := g.chain[len(g.chain)-1]
	want := g.Values(t, "y", append([]int{g.Batch}, last.bound.Shape()...)...)
	got, scale := g.samples(last.y), 0.0
	for _, v := range want {
		scale = max(scale, math.Abs(float64(v)))
	}
	tol := g.Tolerances.Y
	for i, v := range want {
		d := math.Abs(float64(got[i]) - float64(v))
		g.worst = max(g.worst, d/scale)
		if !(d <= tol.Atol+tol.Rtol*scale) {
			t.Fatalf("element %d of y is %v, want %v", i, got[i], v)
		}
	}
}

func (g *layerGolden) backward(t *testing.T) {
	t.Helper()
	dy := g.blocks(t, "dy", g.chain[len(g.chain)-1].bound.Shape())
	inputs := make([][]nn.Block, len(g.Inputs)) // their gradients, of each input, each block
	for i := len(g.chain) - 1; i >= 0; i-- {
		link := g.chain[i]
		for b := range dy {
			dx := make([]nn.Block, len(link.x[b]))
			for k, x := range link.x[b] {
				dx[k] = nn.NewBlock(x.Shape)
				if i == 0 {
					inputs[k] = append(inputs[k], dx[k])
				}
			}
			link.bound.Backward(&op.Call{W: link.w, DW: link.dw, X: link.x[b], Y: link.y[b], DY: dy[b], DX: dx})
			dy[b] = dx[0]
		}
		for k, p := range link.bound.Params() {
			g.gradient(t, fmt.Sprintf("grad/%d.%s", i, p.Name), link.dw[k], p.Shape)
		}
	}
	for k, shape := range g.Inputs {
		g.gradient(t, fmt.Sprintf("dx%d", k), g.samples(inputs[k]), append([]int{g.Batch}, shape...))
	}
}

func (g *layerGolden) gradient(t *testing.T, key string, got []float32, shape []int) {
	t.Helper()
	want := g.Values(t, key, shape...)
	g.worst = max(g.worst, distance(got, want))
	near(t, key, got, want, g.Tolerances.GradNorm)
}
