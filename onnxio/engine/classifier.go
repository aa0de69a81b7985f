package engine

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Classifier is a model of one input and one output that an engine runs on data sets. What
// its output means is found by trying it on made-up samples; End stands for that, a network
// that commands ask as they ask one which gonn has recovered.
type Classifier struct {
	// Order says how the axes of the file's input lie in those of a sample, (N, C, H, W).
	Order onnxio.AxisOrder
	// Shape is that of a sample; an axis that is left open is 0. It is nil if the file does
	// not say.
	Shape nn.Shape
	// Type is that of the input's elements. Where it holds whole numbers or BOOL, samples
	// from 0 to 1 are given as the pixels that they come from, 0 to 255; of BOOL those that
	// are not 0.
	Type graph.DataType
	// End takes what Outputs gives, and its Output is that of the model.
	End *nn.Network
	// Notes say how the model is run, one sentence each, for the user to know.
	Notes []string

	session       Session
	graph         *graph.Graph // what it runs
	raw           bool
	input, output string
	logarithm     bool // Outputs gives the logarithm of the model's output
}

// Options are what a file may leave to its user.
type Options struct {
	// Layout is "nchw" or "nhwc" where the input has four axes; with "" pictures are NHWC if
	// the input has one or three channels in the last place and not in the first.
	Layout string
	// Sample is the shape of samples, (C, H, W), (H, W) or (L) of a sequence, for what the
	// file leaves open; nil if it is not known.
	Sample nn.Shape
	// Raw says that samples hold the numbers of an integer input as they are, and not pixels
	// brought to 0 … 1.
	Raw bool
}

// NewClassifier opens a model.
func NewClassifier(e Engine, m *graph.Model, o Options) (*Classifier, error) {
	c, m, err := prepare(m, o)
	if err != nil {
		return nil, err
	}
	s, err := e.Open(m)
	if err != nil {
		return nil, err
	}
	c.session, c.graph = InPieces(s, m), m.Graph
	if err := c.findEnd(m, s); err != nil {
		return nil, fmt.Errorf("output %q: %w", c.output, err)
	}
	return c, nil
}

// prepare finds what there is to know without running the model, which it gives as in
// inference.
func prepare(m *graph.Model, o Options) (*Classifier, *graph.Model, error) {
	feeds := m.Graph.Feeds()
	if len(feeds) != 1 || len(m.Graph.Outputs) != 1 {
		return nil, nil, fmt.Errorf("data sets run through models of one input and one output, and this one has %d and %d", len(feeds), len(m.Graph.Outputs))
	}
	c := &Classifier{input: feeds[0].Name, output: m.Graph.Outputs[0].Name, Type: feeds[0].Type, raw: o.Raw}
	if err := c.arrange(onnxio.KnownInput(m, feeds[0]), o); err != nil {
		return nil, nil, fmt.Errorf("input %q: %w", c.input, err)
	}
	if err := c.bounded(feeds[0]); err != nil {
		return nil, nil, err
	}
	if t := m.Graph.Outputs[0].Type; integers(t) || t == graph.String {
		return nil, nil, fmt.Errorf("output %q is of %v, not a number for each class: take the output that its scores come from", c.output, t)
	}
	if c.Type == graph.Int8 && !c.raw {
		return nil, nil, fmt.Errorf("input %q takes INT8, in which pixels from 0 to 255 have no place: give --scale 1 with numbers that have", c.input)
	}
	m, c.Notes = reference.Inference(m)
	switch {
	case c.Type == graph.Bool:
		c.Notes = append(c.Notes, fmt.Sprintf("input %q takes BOOL: it is given which pixels are not 0", c.input))
	case integers(c.Type) && !c.raw:
		c.Notes = append(c.Notes, fmt.Sprintf("input %q takes %v: it is given the pixels as they are, 0 to 255, and no normalisation", c.input, c.Type))
	}
	return c, m, nil
}

// nhwc is the order of a file that has the channels last.
var nhwc = onnxio.AxisOrder{0, 2, 3, 1}

// arrange finds the order of the input's axes and the shape of a sample.
func (c *Classifier) arrange(in *graph.Value, o Options) error {
	pictures := in.HasShape && len(in.Shape) == 4
	switch layout := o.Layout; {
	case layout != "" && layout != "nchw" && layout != "nhwc":
		return fmt.Errorf("unknown layout %q: choose nchw or nhwc", layout)
	case layout != "" && in.HasShape && !pictures:
		return fmt.Errorf("it has %d axes, and layout %s is about four", len(in.Shape), layout)
	case layout == "nhwc", layout == "" && onnxio.ChannelsLast(in):
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
	c.Shape = c.sized(o.Sample)
	return nil
}

// sized is Shape with the sizes of a sample where it is open, for the last axes. One size
// alone is that of a single open axis.
func (c *Classifier) sized(sample nn.Shape) nn.Shape {
	shape := slices.Clone(c.Shape)
	first := len(shape) - len(sample)
	if len(sample) == 1 {
		first = slices.Index(shape, 0)
		if first < 0 || slices.Contains(shape[first+1:], 0) {
			return shape
		}
	}
	if first < 0 {
		return shape
	}
	for i, size := range sample {
		if shape[first+i] == 0 {
			shape[first+i] = size
		}
	}
	return shape
}

// bounded is an error if the file fixes a sample or a batch of more elements than are read.
func (c *Classifier) bounded(in *graph.Value) error {
	known := sampleSize(slices.DeleteFunc(slices.Clone(c.Shape), func(d int) bool { return d == 0 }))
	switch batch := fixedBatch([]*graph.Value{in}); {
	case known == 0:
		return fmt.Errorf("input %q: samples of shape %s have more than the %d elements that are read", c.input, in.ShapeText(), onnxio.MaxSample)
	case batch > int64(maxPiece/known):
		return fmt.Errorf("input %q: the file fixes a batch of %d samples, which have more than the %d elements that are read", c.input, batch, maxPiece)
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

// Outputs runs the samples of a data set and gives what End takes, with their labels.
// workers is as for Predict.
func (c *Classifier) Outputs(data nn.Samples, workers int) (nn.Samples, error) {
	y, err := Predict(c.session, c.input, c.output, c.Order, c.Input(data), workers)
	switch {
	case err != nil && integers(c.Type):
		return nil, fmt.Errorf("%w (an input of %v takes the pixels as they are, 0 to 255, without normalisation)", err, c.Type)
	case err != nil:
		return nil, err
	}
	size := c.End.InputShape().Size()
	if got := nn.Shape(y.Shape[1:]); got.Size() != size {
		return nil, fmt.Errorf("output %q has samples of shape %v, the file says that they have %d values", c.output, got, size)
	}
	c.forEnd(y.Data)
	labels := make([]int, data.Len())
	for i := range labels {
		labels[i] = data.Label(i)
	}
	return nn.NewTensorSamples(&nn.Tensor{Shape: []int{data.Len(), size}, Data: y.Data}, labels, data.Classes())
}

// ShapeFor is the shape of samples that are made of pictures of a size: the file's, and that
// size where it is open.
func (c *Classifier) ShapeFor(height, width int) (nn.Shape, error) {
	if len(c.Shape) != 3 || c.Shape[0] == 0 {
		return nil, fmt.Errorf("input %q: the file does not say that it takes pictures, and of how many channels", c.input)
	}
	shape := c.sized(nn.Shape{height, width})
	if sampleSize(shape) == 0 {
		return nil, fmt.Errorf("input %q: pictures of %d×%d cannot be taken", c.input, height, width)
	}
	return shape, nil
}

// Close gives back what the engine holds. Outputs is an error from then on.
func (c *Classifier) Close() error {
	s := c.session
	c.session = closed{}
	return s.Close()
}

// closed is a session that has ended.
type closed struct{}

func (closed) Run(map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	return nil, errors.New("the model is closed")
}
func (closed) Close() error { return nil }
