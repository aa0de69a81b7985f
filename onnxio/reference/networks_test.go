package reference_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// sketch is a network of which only the shapes are there.
type sketch struct {
	graph.Graph
	shapes map[string][]int
	batch  int
}

func newSketch(batch int, sample ...int) *sketch {
	return &sketch{Graph: graph.Graph{Inputs: values("x")}, batch: batch, shapes: map[string][]int{"x": append([]int{batch}, sample...)}}
}

// add puts a node with weights behind others, and gives the name of its result.
func (s *sketch) add(n *graph.Node, weights [][]int, sample ...int) string {
	for _, shape := range weights {
		name := fmt.Sprint("w", len(s.Initializers))
		s.Initializers = append(s.Initializers, &graph.Tensor{Name: name})
		s.shapes[name] = shape
		n.Inputs = append(n.Inputs, name)
	}
	n.Outputs = []string{fmt.Sprint("v", len(s.Nodes))}
	s.Nodes = append(s.Nodes, n)
	s.shapes[n.Outputs[0]] = append([]int{s.batch}, sample...)
	return n.Outputs[0]
}

// slid is the size of a map after a window.
func slid(size, kernel, stride, pad int) int { return (size+2*pad-kernel)/stride + 1 }

func windowAttrs(kernel, stride, pad int) []*graph.Attr {
	k, s, p := int64(kernel), int64(stride), int64(pad)
	return attrs(graph.IntsAttr("kernel_shape", k, k), graph.IntsAttr("strides", s, s), graph.IntsAttr("pads", p, p, p, p))
}

// conv is a convolution, as it is with its normalisation folded into it, or with that.
func (s *sketch) conv(in string, out, kernel, stride, pad int, norm bool) string {
	x := s.shapes[in]
	h, w := slid(x[2], kernel, stride, pad), slid(x[3], kernel, stride, pad)
	weights := [][]int{{out, x[1], kernel, kernel}, {out}}
	if norm {
		weights = weights[:1] // the bias is the normalisation's
	}
	y := s.add(node("Conv", in, "", windowAttrs(kernel, stride, pad)...), weights, out, h, w)
	if norm {
		y = s.add(node("BatchNormalization", y, ""), [][]int{{out}, {out}, {out}, {out}}, out, h, w)
	}
	return y
}

func (s *sketch) relu(in string) string { return s.add(node("Relu", in, ""), nil, s.shapes[in][1:]...) }

func (s *sketch) pool(in string, kernel, stride, pad int) string {
	x := s.shapes[in]
	return s.add(node("MaxPool", in, "", windowAttrs(kernel, stride, pad)...), nil, x[1], slid(x[2], kernel, stride, pad), slid(x[3], kernel, stride, pad))
}

func (s *sketch) dense(in string, out int) string {
	size := reference.Product(s.shapes[in][1:])
	flat := s.add(node("Flatten", in, ""), nil, size)
	return s.add(node("Gemm", flat, "", graph.IntAttr("transB", 1)), [][]int{{out, size}, {out}}, out)
}

func vgg16(batch int) *sketch {
	s := newSketch(batch, 3, 224, 224)
	x := "x"
	for _, stage := range [][2]int{{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}} {
		for range stage[1] {
			x = s.relu(s.conv(x, stage[0], 3, 1, 1, false))
		}
		x = s.pool(x, 2, 2, 0)
	}
	s.Outputs = values(s.dense(s.relu(s.dense(s.relu(s.dense(x, 4096)), 4096)), 1000))
	return s
}

func resnet50(batch int) *sketch {
	s := newSketch(batch, 3, 224, 224)
	x := s.pool(s.relu(s.conv("x", 64, 7, 2, 3, true)), 3, 2, 1)
	for i, blocks := range []int{3, 4, 6, 3} {
		for k := range blocks {
			width, stride, by := 64<<i, 1, x
			if k == 0 && i > 0 {
				stride = 2
			}
			y := s.relu(s.conv(s.relu(s.conv(x, width, 1, 1, 0, true)), width, 3, stride, 1, true))
			y = s.conv(y, 4*width, 1, 1, 0, true)
			if k == 0 {
				by = s.conv(x, 4*width, 1, stride, 0, true)
			}
			x = s.relu(s.add(node("Add", y+" "+by, ""), nil, s.shapes[y][1:]...))
		}
	}
	x = s.add(node("GlobalAveragePool", x, ""), nil, s.shapes[x][1], 1, 1)
	s.Outputs = values(s.dense(x, 1000))
	return s
}

// study is the network of gonn's default run.
func study(batch int) *sketch {
	s := newSketch(batch, 1, 28, 28)
	x := s.relu(s.conv(s.relu(s.conv("x", 8, 7, 1, 0, false)), 8, 5, 1, 0, false))
	s.Outputs = values(s.dense(x, 10))
	return s
}

// Networks that people use run within the default limits, of which those of memory are lower
// where addresses have 32 bits.
func TestNetworksFitTheDefaultLimits(t *testing.T) {
	limits := reference.DefaultLimits
	for _, c := range []struct {
		name       string
		s          *sketch
		params     int
		onlyBits64 bool
	}{
		{"ResNet-50 at 224×224", resnet50(1), 25_610_152, false},
		{"ResNet-50 at 224×224, a batch of 16", resnet50(16), 25_610_152, true},
		{"VGG-16 at 224×224", vgg16(1), 138_357_544, true},
		{"VGG-16 at 224×224, a batch of 16", vgg16(16), 138_357_544, true},
		{"the default network, a batch of 128", study(128), 27_938, false},
	} {
		params := 0
		for _, w := range c.s.Initializers {
			params += reference.Product(c.s.shapes[w.Name])
		}
		memory, operations := reference.Needs(&c.s.Graph, c.s.shapes)
		operations /= float64(c.s.batch)
		t.Logf("promise U4: %s (%d parameters) needs %.0f of %d MiB and %.1e of %.0e operations for a sample", c.name, params, memory/(1<<20), limits.Memory>>20, operations, float64(limits.Operations))
		if few := limits.Memory < 1<<30; memory > float64(limits.Memory) && !(few && c.onlyBits64) || operations > float64(limits.Operations) {
			t.Errorf("%s is refused", c.name)
		}
		if params != c.params {
			t.Errorf("%s has %d parameters, want %d", c.name, params, c.params)
		}
	}
}

// What is estimated from shapes is what a run is held to.
func TestNeedsAreThoseOfARun(t *testing.T) {
	s := study(2)
	for i, w := range s.Initializers {
		var dims []int64
		for _, d := range s.shapes[w.Name] {
			dims = append(dims, int64(d))
		}
		s.Initializers[i] = graph.Float32Tensor(w.Name, dims, make([]float32, reference.Product(s.shapes[w.Name])))
	}
	s.Inputs[0].HasShape, s.Outputs[0].HasShape = false, false
	e, err := reference.New(&graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 17}}, Graph: &s.Graph})
	if err != nil {
		t.Fatal(err)
	}
	memory, operations := reference.Needs(&s.Graph, s.shapes)
	run := func(memory, operations float64) error {
		l := reference.Limits{Memory: int64(memory), Operations: int64(operations)}
		_, err := e.Within(t.Context(), l).Run(map[string]*reference.Tensor{"x": drawn(s.shapes["x"]...)})
		return err
	}
	if err := run(memory, operations+1); err != nil {
		t.Error(err)
	}
	for _, err := range []error{run(memory, operations-1), run(memory*0.9, operations+1)} {
		if !errors.As(err, new(*reference.LimitError)) {
			t.Errorf("with less: %v", err)
		}
	}
}
