package recipe

import (
	"os"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/run"
)

// openStart opens the file or run that training starts from, nil if it starts from a
// preset.
func openStart(s run.Settings) (*model.Model, error) {
	path := s.NetPath
	if path == "" {
		return nil, nil
	}
	if info, err := os.Stat(path); (err != nil || !info.IsDir()) && !strings.HasSuffix(path, ".onnx") {
		return nil, wrong("net", path, "no network of that name and no run folder; choose one of %s, a MODEL.onnx or a run folder",
			strings.Join(preset.Names(), ", "))
	}
	m, err := model.Open(path)
	if err != nil {
		return nil, err
	}
	if m.Foreign != nil && (!m.AnySize() || m.Obstacle() != nil) {
		return nil, m.Untrainable()
	}
	return m, nil
}

// fixEarly gives a file that leaves the size of its input open the one that pictures are
// resized to, so that it is known before the data are opened whether it has a trainable form.
func fixEarly(from *model.Model, size data.Resize) error {
	if size.Height > 0 {
		from.Fix(nn.Shape{size.Height, size.Width})
	}
	if from.Foreign != nil && !from.LacksSize() {
		return from.Untrainable()
	}
	return nil
}

// network is the one that settings ask for, with the values that training starts from:
// those of a model, or a preset's for the data.
func network(s run.Settings, from *model.Model, data nn.Samples) (*nn.Network, error) {
	kink, err := op.ParseSemantics(s.Kink)
	if err != nil {
		return nil, of("kink", err)
	}
	var net *nn.Network
	if from != nil {
		net, err = from.Net.Builder(func(n *nn.Node) nn.Layer { return op.WithSemantics(n.Layer, kink) }).Build()
	} else {
		net, err = presetOf(s, kink, data.Shape(), data.Classes())
	}
	if err != nil {
		return nil, err
	}
	return endFor(net, s, data)
}

// Preset builds a network by name for samples of a shape, with one activation and the values that
// training starts from by default.
func Preset(name, act string, input nn.Shape, classes int) (*nn.Network, error) {
	if !slices.Contains(preset.Names(), name) {
		return nil, wrong("net", name, "no network of that name; choose one of %s", strings.Join(preset.Names(), ", "))
	}
	s := Default()
	s.Net, s.Act = name, act
	s, err := Complete(s)
	if err != nil {
		return nil, err
	}
	return presetOf(s, nn.Keras, input, classes)
}

// presetOf builds a network by name and initialises it.
func presetOf(s run.Settings, kink nn.Semantics, input nn.Shape, classes int) (*nn.Network, error) {
	act, err := activation.Parse(s.Act)
	if err != nil {
		return nil, &SettingError{Err: err}
	}
	act.Kink = kink
	init, err := nn.ParseInitializer(s.Init)
	if err != nil {
		return nil, &SettingError{Err: err}
	}
	net, err := preset.Build(s.Net, input, classes, act)
	if err != nil {
		return nil, err
	}
	net.Init(init, s.Seed)
	return net, nil
}

// endFor makes the network end as the loss needs it: in logits, or in a sigmoid for losses
// on probabilities. It finds losses that do not fit the data.
func endFor(net *nn.Network, s run.Settings, data nn.Samples) (*nn.Network, error) {
	l, err := s.NewLoss()
	if err != nil {
		return nil, &SettingError{Err: err}
	}
	if err := l.Check(net.OutputShape(), loss.TargetSpec{Classes: data.Classes()}); err != nil {
		return nil, wrong("loss", s.Loss, "%w", err)
	}
	net, err = net.ForTraining(l)
	if err != nil {
		return nil, &SettingError{Err: err}
	}
	return net, nil
}
