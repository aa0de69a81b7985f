package parity

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Options are what Layers does.
type Options struct {
	// Tolerance is that of the output. Layers and plans are held to it too, but rounding on the
	// scale of a tensor, 2e-5 of it, passes there: run by itself a layer may round otherwise than
	// as a part of the whole.
	Tolerance Tolerance
	// Truth computes the file in float64 too, to tell which side is nearer.
	Truth bool
	// Plans holds the ways in which users run the network against running it layer by layer,
	// those that take long only with AllPlans; with Backends on every backend of the
	// processor, which no other network may use meanwhile (nn.UseBackend).
	Plans, AllPlans, Backends bool
	// Why searches for a correction if the outputs differ.
	Why bool
	// Progress, if not nil, is called with what is being done: a layer, or the search.
	Progress func(what string)
	// Limits bound the evaluation of the file in float64; Operations are those for a sample.
	Limits reference.Limits
	// Maps keeps where the errors of the layers by themselves and of the output lie.
	Maps bool
}

// Layers holds a model against a reference's recorded tensors, layer by layer. Without any, the
// reference is the file computed in float64. r has the model's input, its output and any inner
// values of the reference, under the names of the file's values, of the framework's modules or
// layers, or of the network's layers; all with the same batch.
func Layers(ctx context.Context, m *Model, r *Recorded, o Options) (*Report, error) {
	im := m.Imported
	ends := Ends{Inputs: []string{im.Input}, Outputs: []string{im.Output}}
	inputs, err := r.InputsFor(ends)
	if err != nil {
		return nil, err
	}
	file := inputs[im.Input]
	if r.Expected == nil {
		file = asManyAsFixed(m.Graph, file)
	}
	x, err := im.InputOrder.ToNetwork(file)
	if err != nil {
		return nil, fmt.Errorf("%s: input %q: %w", r.Source, im.Input, err)
	}
	if err := checkInput(im.Network.InputShape(), x); err != nil {
		return nil, fmt.Errorf("%s: input %q: %w", r.Source, im.Input, err)
	}
	var want *nn.Tensor
	inner := map[string]*nn.Tensor{}
	if r.Expected != nil {
		if want, inner, err = outputOf(im, x.Shape[0], r); err != nil {
			return nil, err
		}
	}
	c := &comparison{ctx: ctx, model: m, im: im, file: file, o: o, input: x, want: want, Report: &Report{Layers: []Layer{}, Plans: []Plan{}}}
	layers, order, stream := r.Layers, r.LayerOrder, r.alongside
	if stream != nil && !stream.same(im.Network) {
		if layers, order, err = stream.all(); err != nil {
			return nil, err
		}
		stream = nil
	}
	var at *placement
	if layers == nil {
		at = place(im, x.Shape[0], inner, r.Order)
	} else {
		at = placeLayers(im.Network, x.Shape[0], layers, order)
	}
	if want != nil {
		at.enterOutput(im.Output, want)
	}
	c.walk = newWalk(im, x, at, o.Tolerance.ofLayers())
	c.walk.see, c.walk.exact, c.walk.maps = o.Progress, want == nil, o.Maps
	if stream != nil {
		stream.restart()
		c.walk.alongside = stream
	}
	began := time.Now()
	if err := c.run(); err != nil {
		return nil, err
	}
	c.Took = time.Since(began)
	return c.Report, nil
}

// asManyAsFixed is a batch of as many samples as the file fixes: the first ones, or all again
// and again. Where the file leaves the number open it is the batch itself.
func asManyAsFixed(m *graph.Model, x *nn.Tensor) *nn.Tensor {
	n := fixedSamples(m)
	if n <= 0 || len(x.Shape) == 0 || x.Shape[0] == 0 || x.Shape[0] == n || n > mostRepeated/(len(x.Data)/x.Shape[0]+1) {
		return x
	}
	return repeated(x, n)
}

// mostRepeated bounds the elements of a batch that a file's claim makes larger.
const mostRepeated = 1 << 24

// fixedSamples is the number of samples that a file takes at once, 0 if it is open.
func fixedSamples(m *graph.Model) int {
	in := m.Graph.Feeds()[0]
	if !in.HasShape || len(in.Shape) == 0 || !in.Shape[0].Known() {
		return 0
	}
	return int(in.Shape[0].Size)
}

// checkInput reports what keeps a network from running on a batch.
func checkInput(shape nn.Shape, x *nn.Tensor) error {
	if len(x.Shape) == 0 || !shape.Equal(x.Shape[1:]) {
		return fmt.Errorf("got %v, need %v", nn.Shape(x.Shape), shape.Batched())
	}
	if x.Shape[0] == 0 {
		return fmt.Errorf("got %v, which has no samples", nn.Shape(x.Shape))
	}
	if i := slices.IndexFunc(x.Data, isNaN); i >= 0 {
		return fmt.Errorf("it is NaN at %v: what a network gives for that equals nothing", indexOf(i, x.Shape))
	}
	return nil
}

// outputOf splits a recording into the output, as the network has it, and inner values.
func outputOf(im *onnxio.Imported, batch int, r *Recorded) (output *nn.Tensor, inner map[string]*nn.Tensor, err error) {
	inner = maps.Clone(r.Expected)
	name := im.Output
	if _, ok := inner[name]; !ok && len(inner) == 1 && inner[""] != nil {
		name = ""
	}
	if y := inner[name]; y != nil {
		delete(inner, name)
		if output, err = im.OutputToNetwork(y); err != nil {
			return nil, nil, fmt.Errorf("%s: output %q: %w", r.Source, im.Output, err)
		}
		return output, inner, nil
	}
	last := im.Network.Outputs()[0].Name
	p := place(im, batch, inner, nil)
	if y, ok := p.of[last]; ok {
		return y.value, inner, nil
	}
	calls := inFile(im, inner)
	for _, u := range p.unplaced {
		if homeIn(im, calls, u.Name).layer == last {
			return nil, nil, fmt.Errorf("%s: %q has shape %v; %s", r.Source, u.Name, u.Shape, u.Why)
		}
	}
	return nil, nil, fmt.Errorf("%s: it has no values of the model's output %q; it has %s", r.Source, im.Output, quotedNames(inner))
}

func quotedNames(m map[string]*nn.Tensor) string {
	s := ""
	for i, name := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprintf("%q", name)
	}
	return s
}

// comparison is one run of Layers.
type comparison struct {
	*Report
	ctx         context.Context
	model       *Model
	im          *onnxio.Imported // of model
	o           Options
	walk        *walk
	input, want *nn.Tensor        // as the network has them
	file        *nn.Tensor        // the input as the file has it
	exact       *reference.Tensor // the output in float64, nil if it was not computed
}

func (c *comparison) run() error {
	if err := c.layers(); err != nil {
		return err
	}
	got, err := c.im.Network.Forward(c.input)
	if err != nil {
		return err
	}
	if c.Output, err = errorsOf(c.im.Output, got, c.want, c.o.Tolerance); err != nil {
		return err
	}
	if err := c.outputTruth(got); err != nil {
		return err
	}
	if c.Output.Equal && sameForAll(c.want) && !sameForAll(c.input) {
		c.Notes = append(c.Notes, fmt.Sprintf("The output is the same for all %d samples: that it is equal says little about what computes it from the input.", c.want.Shape[0]))
	}
	c.walk.placed.rename(c.walk.layers)
	if c.o.Maps {
		c.Output.Map = errorMapOf(got, c.want)
	}
	c.Layers, c.Unplaced = c.walk.layers, c.walk.placed.unplaced
	if c.Unplaced == nil {
		c.Unplaced = []Unplaced{}
	}
	if c.Output.Equal && c.Output.within(c.o.Tolerance) {
		c.blind = c.o.Tolerance.Atol
	}
	c.Equal = c.Output.Equal
	if c.o.Plans {
		if c.Plans, err = plans(c.ctx, c.im.Network, c.input, c.walk.own[c.im.Network.Outputs()[0].Name], c.o); err != nil {
			return err
		}
		c.Equal = c.Equal && c.failedPlan() == nil
	}
	if !c.Output.Equal {
		if err := c.locate(); err != nil {
			return err
		}
	}
	c.Answer = c.answer(firstWrong(c.im, c.Layers))
	return nil
}

// sameForAll reports whether there are several samples, the first axis of x, and all are the same.
func sameForAll(x *nn.Tensor) bool {
	if len(x.Shape) == 0 || x.Shape[0] < 2 {
		return false
	}
	size := len(x.Data) / x.Shape[0]
	return slices.Equal(x.Data[size:], x.Data[:len(x.Data)-size])
}

// layers walks the network, beside the file's evaluation in float64 if that is wanted.
func (c *comparison) layers() error {
	if err := c.walk.orient(c.ctx); err != nil {
		return err
	}
	if c.want == nil {
		if err := c.beside(); err != nil {
			return fmt.Errorf("float64: %w", err)
		}
	} else if c.o.Truth {
		if err := c.beside(); err != nil {
			c.Notes = append(c.Notes, fmt.Sprintf("Errors against float64 are not told: %v.", err))
		}
	}
	return c.walk.finish(c.ctx)
}

// beside evaluates the file, and walks along with it.
func (c *comparison) beside() error {
	file := c.file
	in := c.model.Graph.Graph.Feeds()[0]
	if n := fixedSamples(c.model.Graph); n > 0 && n != file.Shape[0] {
		return fmt.Errorf("the file takes %d samples at once, and %d are given", n, file.Shape[0])
	}
	e, err := reference.NewWithin(c.model.Graph, c.o.Limits)
	if err != nil {
		return err
	}
	e = e.Within(c.ctx, c.o.Limits.ForSamples(file.Shape[0]))
	first := map[string]string{} // by the file's value, the layer that it is the first value of
	for _, l := range c.im.Layers {
		if len(l.Values) > 0 {
			first[l.Values[0].Name] = l.Name
			c.walk.waits[l.Name] = true
		}
	}
	defer clear(c.walk.waits)
	alone := c.want == nil
	var failed error
	results, err := e.Observe(map[string]*reference.Tensor{in.Name: reference.FromFloat32s(file.Shape, file.Data)}, func(name string, t *reference.Tensor) {
		layer, ok := first[name]
		if !ok || failed != nil {
			return
		}
		v, _ := c.im.Value(name)
		if alone {
			if failed = c.walk.refer(v, t); failed != nil {
				return
			}
		}
		if failed = c.walk.reaches(c.ctx, layer); failed != nil {
			return
		}
		failed = c.walk.truth(v, t)
		delete(c.walk.waits, layer)
		c.walk.drop(layer)
	})
	if failed != nil || err != nil {
		return cmp.Or(failed, err)
	}
	if c.exact = results[c.im.Output]; alone {
		c.want, err = c.im.OutputToNetwork(rounded(c.exact))
	}
	return err
}

// outputTruth enters how far both sides' outputs are from the file's in float64.
func (c *comparison) outputTruth(got *nn.Tensor) error {
	if c.exact == nil || c.exact.Floats == nil {
		return nil
	}
	own, err := c.im.OutputOrder.ToFile(got)
	if err != nil {
		return err
	}
	want, err := c.im.OutputOrder.ToFile(c.want)
	if err != nil {
		return err
	}
	of := Number(exactError(want, c.exact.Floats))
	c.Truth = &Truth{Own: Number(exactError(own, c.exact.Floats)), Reference: &of}
	return nil
}
