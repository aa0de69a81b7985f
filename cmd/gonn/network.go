package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train/run"
)

// buildNetwork makes the network that settings ask for, with the values that training
// starts from.
func buildNetwork(s run.Settings, data nn.Samples) (*nn.Network, error) {
	kink, err := nn.ParseSemantics(s.Kink)
	if err != nil {
		return nil, usage("--kink: %w", err)
	}
	var net *nn.Network
	if s.NetPath != "" {
		net, err = networkOf(s.NetPath, kink)
	} else {
		net, err = presetOf(s, kink, data)
	}
	if err != nil {
		return nil, err
	}
	return endFor(net, s, data)
}

// presetOf builds a network by name and initialises it.
func presetOf(s run.Settings, kink nn.Semantics, data nn.Samples) (*nn.Network, error) {
	act, err := nn.ParseActivation(s.Act)
	if err != nil {
		return nil, exitError{err, exitUsage}
	}
	act.Kink = kink
	init, err := nn.ParseInitializer(s.Init)
	if err != nil {
		return nil, exitError{err, exitUsage}
	}
	net, err := preset.Build(s.Net, data.Shape(), data.Classes(), act)
	if err != nil {
		return nil, err
	}
	net.Init(init, s.Seed)
	return net, nil
}

// networkOf opens the network of a file or run, whose values training goes on from.
func networkOf(path string, kink nn.Semantics) (*nn.Network, error) {
	if info, err := os.Stat(path); (err != nil || !info.IsDir()) && !strings.HasSuffix(path, ".onnx") {
		return nil, usage("--net %s: no network of that name and no run folder; choose one of %s, a MODEL.onnx or a run folder",
			path, strings.Join(preset.Names(), ", "))
	}
	src, err := openPath(path)
	if err != nil {
		return nil, err
	}
	if src.Foreign != nil {
		return nil, src.untrainable()
	}
	return src.Net.Builder(func(n *nn.Node) nn.Layer {
		return nn.WithSemantics(n.Layer, kink)
	}).Build()
}

// endFor makes the network end as the loss needs it: in logits, or in a sigmoid for
// losses on probabilities. It finds losses that do not fit the data.
func endFor(net *nn.Network, s run.Settings, data nn.Samples) (*nn.Network, error) {
	loss, err := s.NewLoss()
	if err != nil {
		return nil, exitError{err, exitUsage}
	}
	if err := nn.CheckClasses(data); err != nil {
		return nil, exitError{err, exitUsage}
	}
	if err := loss.Check(net.OutputShape().Size(), data.Classes()); err != nil {
		return nil, usage("--loss %s: %w", s.Loss, err)
	}
	fit, err := net.ForTraining(loss)
	if err != nil {
		return nil, usage("--%w", err)
	}
	return fit, nil
}

// stemOf is the start of a run's name in runs: the activation, or what the network
// came from.
func stemOf(s run.Settings) string {
	if s.NetPath != "" {
		return strings.TrimSuffix(filepath.Base(s.NetPath), ".onnx")
	}
	name, _, _ := strings.Cut(s.Act, ":")
	return name
}

// describeNet says in a few words what is trained.
func describeNet(s run.Settings) string {
	if s.NetPath != "" {
		return "from " + s.NetPath
	}
	return s.Net + " with " + s.Act
}
