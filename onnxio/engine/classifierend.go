package engine

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// findEnd finds how many numbers the model gives for a sample and what they mean. Where the
// file does not say enough, made-up samples are run.
func (c *Classifier) findEnd(m *graph.Model, s Session) error {
	out := m.Graph.Outputs[0]
	w := meaningOf(m)
	outputs, o := declared(out), nn.OutputLogits
	switch {
	case outputs > 0 && w.plain(out.Name):
	case outputs > 0 && w.isMadeBy(out.Name, "Sigmoid"):
		o = nn.OutputSigmoids
	default:
		seen, err := c.try(m, s, w.ancestors(out.Name, depth), outputs > 0)
		y := seen[out.Name]
		switch {
		case err == nil && len(y.Shape) > 0 && y.Shape[0] == tried:
			w.seen = seen
			if outputs == 0 {
				outputs = len(y.Data) / tried
			}
		case outputs == 0 && err == nil:
			return fmt.Errorf("it has shape %v for %d samples: its first axis must be the batch", nn.Shape(y.Shape), tried)
		case outputs == 0 || ended(s):
			return err
		} // else running the data says what is wrong
		o = w.of(out.Name)
	}
	if outputs == 0 {
		return errors.New("it holds nothing")
	}
	end, err := c.endOf(o)
	if err == nil {
		c.End, err = nn.Sequential(nn.Shape{outputs}, end...)
	}
	return err
}

// declared is the number of values that the file says the model gives for a sample, 0 if it
// does not.
func declared(out *graph.Value) int {
	if !out.HasShape || len(out.Shape) == 0 {
		return 0
	}
	var dims []int
	for _, d := range out.Shape[1:] {
		dims = append(dims, sizeOf(d))
	}
	return sampleSize(dims)
}

// endOf are the layers of End. The first one is there so that a network is left without the
// others. forEnd gives it what it takes.
func (c *Classifier) endOf(o nn.Output) ([]nn.Layer, error) {
	end := []nn.Layer{activation.Must("linear")}
	switch o {
	case nn.OutputProbabilities: // their logarithms are logits
		c.logarithm = true
		return append(end, exponential{}), nil
	case nn.OutputLogProbabilities, nn.OutputSigmoids, nn.OutputLogSigmoids:
		return append(end, meant{o}), nil
	}
	return end, nil
}

// forEnd turns outputs of the model into what End takes, in place.
func (c *Classifier) forEnd(y []float32) {
	if !c.logarithm {
		return
	}
	for i, p := range y {
		y[i] = float32(math.Log(max(float64(p), math.SmallestNonzeroFloat32)))
	}
}

// tried is the number of samples that show what the output means.
const tried = 2

// meaningLimits bound the try without which a file is believed. Memory is beside the constants.
var meaningLimits = reference.Limits{Operations: 1e10, Memory: 256 << 20, Time: 30 * time.Second}

const (
	mostTried = 1 << 24 // elements of the samples that are tried
	mostSeen  = 1 << 17 // elements of a value that is looked at, but for the output
)

// openSizes are taken one after the other where nothing says a size.
var openSizes = []int{32, 64, 128, 224}

// try runs made-up samples on the evaluator, that of the session s if it has one, and gives
// the values of the given names: within little memory and time if it can do without.
func (c *Classifier) try(m *graph.Model, s Session, names []string, canDoWithout bool) (map[string]*nn.Tensor, error) {
	if c.Shape == nil {
		return nil, errors.New("the file does not say its shape, nor that of the input")
	}
	run, ok := s.(*evaluation)
	if !ok {
		evaluator, err := reference.New(m)
		if err != nil {
			return nil, err
		}
		run = newEvaluation(evaluator, m, Reference{})
	}
	watch := &observed{evaluation: run, names: names, limits: run.limits.ForSamples(tried)}
	if canDoWithout {
		watch.limits.Operations = min(watch.limits.Operations, meaningLimits.Operations)
		watch.limits.Memory = min(watch.limits.Memory, run.evaluator.Constants()+meaningLimits.Memory)
		watch.end = time.Now().Add(meaningLimits.Time)
	}
	session := InPieces(watch, m)
	var first error
	for _, shape := range c.trialShapes() {
		if batch := max(tried, fixedBatch(m.Graph.Feeds())); int64(shape.Size()) > mostTried/batch {
			return nil, fmt.Errorf("%d samples of shape %v are too many to try what it gives", batch, shape)
		}
		made, err := MadeUp(&graph.Model{Graph: &graph.Graph{Inputs: []*graph.Value{fixedValue(c.input, c.Type, shape)}}}, tried)
		if err != nil {
			return nil, err
		}
		x, err := c.Order.ToFile(made[c.input])
		if err != nil {
			return nil, err
		}
		seen, err := session.Run(map[string]*nn.Tensor{c.input: x})
		if err == nil {
			return seen, nil
		}
		if first == nil {
			first = err
		}
	}
	if first == nil {
		first = errors.New("the file does not say its shape, nor that of the input")
	}
	return nil, first
}

func fixedValue(name string, t graph.DataType, sample nn.Shape) *graph.Value {
	v := &graph.Value{Name: name, Type: t, HasShape: true, Shape: []graph.Dim{{Param: "N"}}}
	for _, d := range sample {
		v.Shape = append(v.Shape, graph.Dim{Size: int64(d)})
	}
	return v
}

// trialShapes are shapes of samples that the model may take.
func (c *Classifier) trialShapes() (shapes []nn.Shape) {
	if sampleSize(c.Shape) > 0 {
		return []nn.Shape{c.Shape}
	}
	for _, size := range openSizes {
		if shape, err := c.ShapeFor(size, size); err == nil { // else what is not open may be too large
			shapes = append(shapes, shape)
		}
	}
	return shapes
}

// observed is an evaluation that gives the values of the given names that have the batch
// as their first axis, and the first one in any case.
type observed struct {
	*evaluation
	names  []string
	limits reference.Limits
	end    time.Time // zero if there is none
}

func (s *observed) Run(inputs map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	in, err := toReferences(inputs, s.types)
	if err != nil {
		return nil, err
	}
	seen := map[string]*nn.Tensor{}
	batch, _ := batchOf(inputs)
	wanted := map[string]bool{}
	for _, name := range s.names {
		wanted[name] = true
	}
	limits := s.limits
	if !s.end.IsZero() {
		limits.Time = max(1, time.Until(s.end))
	}
	_, err = s.evaluator.Within(s.ctx, limits).Observe(in, func(name string, t *reference.Tensor) {
		if !wanted[name] || name != s.names[0] && t.Len() > mostSeen {
			return
		}
		y, err := fromReference(t)
		if err == nil && (name == s.names[0] || len(y.Shape) > 0 && y.Shape[0] == batch) {
			seen[name] = y
		}
	})
	if err != nil {
		return nil, err
	}
	if seen[s.names[0]] == nil {
		return nil, errors.New("no node gives numbers for it")
	}
	return seen, nil
}
