package recorder

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/bundle"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Training is a train.Observer that records the first steps of a training in Go as a bundle, and
// then stops the training. It must be made for a training from its start.
type Training struct {
	train.Base
	Dir      string       // of the bundle, a folder that is new or empty
	Steps    int          // how many to record
	Settings run.Settings // of the training, with defaults
	Version  string       // of gonn

	writer  *bundle.Writer
	config  optim.Config
	weights []float64 // of classes; nil for none
	done    int
	rates   []float64
	dropped []string // names of Dropout layers
}

var _ train.Observer = (*Training)(nil)

// Recorded is the number of steps recorded.
func (t *Training) Recorded() int { return t.done }

// Observes asks for what tells the masks of Dropout.
func (t *Training) Observes(net *nn.Network) (outputs, gradients []string) {
	for _, n := range net.Nodes() {
		if isDropout(n) {
			outputs = append(outputs, n.Name, n.Inputs[0])
			gradients = append(gradients, n.Name, n.Inputs[0])
		}
	}
	return outputs, gradients
}

func isDropout(n *nn.Node) bool {
	d, ok := n.Layer.(layer.Dropout)
	return ok && d.Rate > 0
}

// TrainBegin writes the start.
func (t *Training) TrainBegin(s *train.State) error {
	if t.Steps < 1 {
		return fmt.Errorf("record %d steps: need at least one", t.Steps)
	}
	if t.Settings.Kink != t.Settings.Semantics {
		return fmt.Errorf("the layers train by %s's semantics and the optimizer by %s's: no framework does; record a run with one of them", t.Settings.Kink, t.Settings.Semantics)
	}
	if s.Position.Epoch+s.Position.Step > 0 {
		return errors.New("the training is not at its start")
	}
	var err error
	if t.config, err = configOf(t.Settings); err != nil {
		return err
	}
	if text := t.Settings.ClassWeights; text != "" {
		if t.weights, err = loss.ParseClassWeights(text); err != nil {
			return err
		}
	}
	for _, n := range s.Network.Nodes() {
		if isDropout(n) {
			t.dropped = append(t.dropped, n.Name)
		}
	}
	model, err := onnxio.Encode(s.Network, onnxio.EncodeOptions{})
	if err != nil {
		return err
	}
	if t.writer, err = bundle.Create(t.Dir, model); err != nil {
		return err
	}
	return t.state(s)
}

// configOf is the optimizer's configuration.
func configOf(s run.Settings) (optim.Config, error) {
	c := optim.Config{Name: s.Optimizer, LR: s.LR, Momentum: s.Momentum, Nesterov: s.Nesterov, Centered: s.Centered,
		WeightDecay: s.WeightDecay, DecayAll: s.DecayAll}
	if s.Semantics == nn.Keras.String() {
		c.Semantics = nn.Keras
	}
	return c.WithDefaults()
}

// state writes parameters, statistics and the optimizer's state before the next step.
func (t *Training) state(s *train.State) error {
	for _, p := range s.Network.Params() {
		kind := "param"
		switch p.Role {
		case nn.Constant:
			continue
		case nn.Statistic:
			kind = "stat"
		}
		if err := t.writer.PutValues(t.done, p.Shape, p.Data, kind, p.FullName()); err != nil {
			return err
		}
	}
	for _, m := range s.Optimizer.State().Moments {
		for i, p := range s.Optimizer.Params() {
			if !p.Trained() {
				continue
			}
			if err := t.writer.PutValues(t.done, p.Shape, m.Values[i], "state", m.Name, p.FullName()); err != nil {
				return err
			}
		}
	}
	return nil
}

// Gradients writes the batch and its gradients.
func (t *Training) Gradients(s *train.State, v train.StepValues) error {
	x := nn.NewTensor(append([]int{len(v.Batch)}, v.Samples.Shape()...)...)
	labels := make([]int64, len(v.Batch))
	for k, i := range v.Batch {
		if err := nn.ReadSample(x.Sample(k), v.Samples, i); err != nil {
			return err
		}
		labels[k] = int64(v.Samples.Label(i))
	}
	if err := errors.Join(
		t.writer.PutValues(t.done, x.Shape, x.Data, "x"),
		t.writer.Put(t.done, &data.Array{Shape: []int{len(labels)}, Int64: labels}, "y"),
		t.writer.Put(t.done, &data.Array{Float64: []float64{s.Batch.Loss()}}, "loss"),
	); err != nil {
		return err
	}
	for k, name := range t.dropped {
		from := s.Network.Node(name)
		mask := maskOf(v.Outputs[from.Inputs[0]], v.Outputs[name], v.OutputGradients[name], v.OutputGradients[from.Inputs[0]],
			1/(1-from.Layer.(layer.Dropout).Rate))
		if err := t.writer.PutValues(t.done, mask.Shape, mask.Data, "mask", maskName(k)); err != nil {
			return err
		}
	}
	return t.gradients(s, v.Grads, "grad")
}

func maskName(k int) string { return fmt.Sprintf("dropout/%d", k) }

// maskOf tells what a Dropout multiplied by from its input x, its output y and their gradients.
// Where x and dy are 0 the mask has no effect.
func maskOf(x, y, dy, dx *nn.Tensor, scale float32) *nn.Tensor {
	mask := nn.NewTensor(x.Shape...)
	for i := range mask.Data {
		if x.Data[i] != 0 && y.Data[i] != 0 || dy.Data[i] != 0 && dx.Data[i] != 0 {
			mask.Data[i] = scale
		}
	}
	return mask
}

func (t *Training) gradients(s *train.State, grads nn.Grads, kind string) error {
	for _, p := range s.Network.Params() {
		if g := grads[p]; g != nil {
			if err := t.writer.PutValues(t.done, p.Shape, g, kind, p.FullName()); err != nil {
				return err
			}
		}
	}
	return nil
}

// Clipped writes the gradients behind clipping, and the rate.
func (t *Training) Clipped(s *train.State, grads nn.Grads) error {
	t.rates = append(t.rates, s.Optimizer.LR())
	if t.Settings.ClipNorm == 0 && t.Settings.ClipValue == 0 {
		return nil
	}
	return t.gradients(s, grads, "clipped")
}

// BatchEnd writes what the next step starts from.
func (t *Training) BatchEnd(s *train.State) error {
	t.done++
	if err := t.state(s); err != nil {
		return err
	}
	if t.done == t.Steps {
		s.Stop("as many steps as asked for are recorded")
	}
	return nil
}

// TrainEnd ends the bundle, or removes it after an error.
func (t *Training) TrainEnd(s *train.State) error {
	if t.writer == nil {
		return nil
	}
	if s.Err != nil || t.done == 0 {
		return t.writer.Abort()
	}
	return t.writer.Close(t.description(s))
}

func (t *Training) description(s *train.State) bundle.Description {
	c, set := t.config, t.Settings
	d := bundle.Description{
		BatchNorm: []bundle.BatchNorm{}, Dropout: []bundle.Dropout{},
		Framework: "gonn", Semantics: set.Semantics, Versions: map[string]string{"gonn": t.Version, "go": runtime.Version()},
		Loss: bundle.Loss{Form: set.Loss, ClassWeights: t.weights},
		Optimizer: bundle.Optimizer{
			Name: c.Name, Beta1: c.Constants.Beta1, Beta2: c.Constants.Beta2, Epsilon: c.Constants.Epsilon, Rho: c.Constants.Rho, Start: c.Constants.Start,
			Momentum: c.Momentum, Nesterov: c.Nesterov, Centered: c.Centered,
		},
		Clip: bundle.Clip{Norm: set.ClipNorm, Each: set.ClipEach, Value: set.ClipValue}, Steps: t.done,
	}
	var decayed, rest []string
	for _, p := range s.Network.Params() {
		if p.Role == nn.Constant {
			continue
		}
		d.Parameters = append(d.Parameters, bundle.Parameter{Name: p.FullName(), Shape: p.Shape, Statistic: p.Role == nn.Statistic, Trained: p.Trained()})
		switch {
		case !p.Trained():
		case c.DecayAll || p.Role == nn.Weight:
			decayed = append(decayed, p.FullName())
		default:
			rest = append(rest, p.FullName())
		}
	}
	if c.WeightDecay == 0 {
		decayed, rest = nil, slices.Concat(decayed, rest)
	}
	for _, g := range []bundle.Group{{Params: decayed, WeightDecay: c.WeightDecay, LR: t.rates}, {Params: rest, LR: t.rates}} {
		if len(g.Params) > 0 {
			d.Optimizer.Groups = append(d.Optimizer.Groups, g)
		}
	}
	for _, n := range s.Network.Nodes() {
		if l, ok := n.Layer.(layer.BatchNorm); ok {
			l = l.Normal()
			d.BatchNorm = append(d.BatchNorm, bundle.BatchNorm{Name: n.Name, Weight: n.Name + ".weight", Bias: n.Name + ".bias", Mean: n.Name + ".running_mean",
				Variance: n.Name + ".running_var", Epsilon: float64(l.Eps), Momentum: float64(l.Momentum)})
		}
	}
	for k, name := range t.dropped {
		rate := s.Network.Node(name).Layer.(layer.Dropout).Rate
		d.Dropout = append(d.Dropout, bundle.Dropout{Name: maskName(k), Layer: name, Rate: float64(rate)})
	}
	return d
}
