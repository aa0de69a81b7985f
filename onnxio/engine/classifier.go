package engine

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Classifier is a model of one input and one output that an engine runs on data sets, cut
// in two: the engine runs everything but a softmax or sigmoid at the end, which End is. So
// a loss finds logits, as it does in a network that gonn has recovered.
type Classifier struct {
	// Order says how the axes of the file's input lie in those of a sample, (N, C, H, W).
	Order onnxio.AxisOrder
	// Shape is that of a sample; an axis that the file leaves open is 0. It is nil if the
	// file does not say.
	Shape nn.Shape
	// End is what follows: a linear layer, and the softmax or sigmoid if there is one.
	End *nn.Network

	session       Session
	input, output string
}

// NewClassifier opens a model. layout is "nchw" or "nhwc" where the input has four axes;
// with "" pictures are NHWC if the input has one or three channels in the last place and
// not in the first.
func NewClassifier(e Engine, m *graph.Model, layout string) (*Classifier, error) {
	feeds := m.Graph.Feeds()
	if len(feeds) != 1 || len(m.Graph.Outputs) != 1 {
		return nil, fmt.Errorf("the model has %d inputs and %d outputs: data sets run through models of one each", len(feeds), len(m.Graph.Outputs))
	}
	c := &Classifier{input: feeds[0].Name}
	if err := c.arrange(feeds[0], layout); err != nil {
		return nil, fmt.Errorf("input %q: %w", c.input, err)
	}
	head, end := cutEnd(m)
	c.output = head.Graph.Outputs[0].Name
	s, err := e.Open(head)
	if err != nil {
		return nil, err
	}
	c.session = InPieces(s, head)
	outputs, err := c.outputs(m.Graph.Outputs[0])
	if err == nil {
		c.End, err = nn.Sequential(nn.Shape{outputs}, append([]nn.Layer{nn.MustActivation("linear")}, end...)...)
	}
	if err != nil {
		return nil, fmt.Errorf("output %q: %w", m.Graph.Outputs[0].Name, err)
	}
	return c, nil
}

// nhwc is the order of a file that has the channels last.
var nhwc = onnxio.AxisOrder{0, 2, 3, 1}

// arrange finds the order of the input's axes and the shape of a sample.
func (c *Classifier) arrange(in *graph.Value, layout string) error {
	channels := func(axis int) bool {
		return in.Shape[axis].Known() && (in.Shape[axis].Size == 1 || in.Shape[axis].Size == 3)
	}
	pictures := in.HasShape && len(in.Shape) == 4
	switch {
	case layout != "" && layout != "nchw" && layout != "nhwc":
		return fmt.Errorf("unknown layout %q: choose nchw or nhwc", layout)
	case layout != "" && in.HasShape && !pictures:
		return fmt.Errorf("it has %d axes, and layout %s is about four", len(in.Shape), layout)
	case layout == "nhwc", layout == "" && pictures && channels(3) && !channels(1):
		c.Order = nhwc
	}
	if !in.HasShape || len(in.Shape) < 2 {
		return nil
	}
	c.Shape = make(nn.Shape, len(in.Shape)-1)
	for i, d := range in.Shape[1:] {
		axis := i
		if c.Order != nil {
			axis = c.Order[i+1] - 1
		}
		c.Shape[axis] = sizeOf(d)
	}
	return nil
}

// sizeOf is a size that a file states, 0 if it is left open or beyond any sample.
func sizeOf(d graph.Dim) int {
	if !d.Known() || d.Size > onnxio.MaxSample {
		return 0
	}
	return int(d.Size)
}

// sampleSize is the number of elements of a sample, 0 if it is not known or too large.
func sampleSize(dims []int) int {
	n := 1
	for _, d := range dims {
		if d < 1 || d > onnxio.MaxSample/n {
			return 0
		}
		n *= d
	}
	return n
}

// cutEnd gives the model up to a softmax or sigmoid at its end, and that as a layer; the
// model and no layer if it ends in something else.
func cutEnd(m *graph.Model) (*graph.Model, []nn.Layer) {
	out := m.Graph.Outputs[0]
	i := slices.IndexFunc(m.Graph.Nodes, func(n *graph.Node) bool { return slices.Contains(n.Outputs, out.Name) })
	if i < 0 {
		return m, nil
	}
	n := m.Graph.Nodes[i]
	var end nn.Layer
	switch {
	case !n.Standard() || len(n.Inputs) != 1:
		return m, nil
	case n.OpType == "Sigmoid":
		end = nn.MustActivation("sigmoid")
	case n.OpType == "Softmax" && ofVectors(n, out):
		end = nn.Softmax{}
	default:
		return m, nil
	}
	head, g := *m, *m.Graph
	cut := *out
	cut.Name = n.Inputs[0]
	g.Outputs = []*graph.Value{&cut}
	head.Graph = &g
	return &head, []nn.Layer{end}
}

// ofVectors tells that a Softmax is over the second of two axes, as layers have it.
func ofVectors(n *graph.Node, out *graph.Value) bool {
	axis, err := n.Int("axis", 1) // before opset 13 the default is 1, then −1
	return err == nil && out.HasShape && len(out.Shape) == 2 && (axis == 1 || axis == -1)
}

// outputs is the number of values that the model gives for a sample: as the file declares
// it, else as one sample of zeros shows.
func (c *Classifier) outputs(out *graph.Value) (int, error) {
	if out.HasShape && len(out.Shape) > 0 {
		var dims []int
		for _, d := range out.Shape[1:] {
			dims = append(dims, sizeOf(d))
		}
		if n := sampleSize(dims); n > 0 {
			return n, nil
		}
	}
	if c.Shape == nil || sampleSize(c.Shape) == 0 {
		return 0, errors.New("the file does not say its shape, nor that of the input")
	}
	x, err := nn.NewTensorSamples(nn.NewTensor(append([]int{1}, c.Shape...)...), []int{0}, 1)
	if err != nil {
		return 0, err
	}
	y, err := Predict(c.session, c.input, c.output, c.Order, x, 1)
	if err != nil {
		return 0, err
	}
	return len(y.Data), nil
}

// Logits runs the samples of a data set and gives what End takes, with their labels.
// workers is as for Predict.
func (c *Classifier) Logits(data nn.Samples, workers int) (nn.Samples, error) {
	y, err := Predict(c.session, c.input, c.output, c.Order, data, workers)
	if err != nil {
		return nil, err
	}
	size := c.End.InputShape().Size()
	if got := nn.Shape(y.Shape[1:]); got.Size() != size {
		return nil, fmt.Errorf("output %q has samples of shape %v, the file says that they have %d values", c.output, got, size)
	}
	labels := make([]int, data.Len())
	for i := range labels {
		labels[i] = data.Label(i)
	}
	return nn.NewTensorSamples(&nn.Tensor{Shape: []int{data.Len(), size}, Data: y.Data}, labels, data.Classes())
}

// Close gives back what the engine holds.
func (c *Classifier) Close() error { return c.session.Close() }
