package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/bench"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report"
)

// buildPresets makes the networks by name that are measured, one for each activation.
func (m *measurement) buildPresets(c *cli.Context) error {
	if net := c.String("net"); strings.HasSuffix(net, ".onnx") {
		return usage("--net %s: need a network by name; a file is measured by gonn bench %s", net, net)
	}
	if c.IsSet("layout") {
		return usage("--layout is for files that have no trainable form: give one")
	}
	acts, err := benchActs(c)
	if err != nil {
		return err
	}
	name := "study"
	if c.IsSet("net") {
		name = c.String("net")
	}
	for _, act := range acts {
		net, err := presetOf(c, act)
		if err != nil {
			return err
		}
		samples, what, err := benchSamples(net.InputShape(), c.Int("classes"), m.NeedsSamples())
		if err != nil {
			return err
		}
		s := bench.Subject{Act: act, Net: net, Fit: net, Loss: loss.CrossEntropy{}, Data: samples}
		m.add(s, report.BenchNetwork{Name: name, Act: act, Data: what})
	}
	m.told = c.IsSet("net")
	return nil
}

// add adds a network of gonn to those that are measured.
func (m *measurement) add(s bench.Subject, n report.BenchNetwork) {
	n.Engine, n.Input, n.Output = "gonn", s.Net.InputShape(), s.Net.OutputShape()
	n.Parameters, n.MACs = s.Net.NumParams(), s.Net.MACs()
	if s.Fit != nil {
		n.Loss = s.Loss.Name()
	}
	m.subjects = append(m.subjects, s)
	m.Networks = append(m.Networks, n)
}

// openModel opens the file or run that is measured.
func (m *measurement) openModel(c *cli.Context, path string) error {
	opened, err := model.Open(path)
	if err != nil {
		return err
	}
	if err := prepare(c, nil, opened); err != nil {
		return err
	}
	m.told, m.model = true, opened
	if opened.Foreign != nil {
		return m.openForeign(c)
	}
	if err := opened.Net.CheckSingle(); err != nil {
		return fmt.Errorf("%s: bench measures networks of one input and one output: %w", opened.Name, err)
	}
	note(c, opened.Notes())
	samples, what, err := benchSamples(opened.Net.InputShape(), model.Classes(opened.Net), m.NeedsSamples())
	if err != nil {
		return err
	}
	s := bench.Subject{Net: opened.Net}
	if s.Data, err = opened.Normalized(samples); err != nil {
		return err
	}
	if err := m.fit(c, &s); err != nil {
		return err
	}
	m.add(s, report.BenchNetwork{Name: opened.Name, Data: what})
	return nil
}

// fit finds how the model is trained.
func (m *measurement) fit(c *cli.Context, s *bench.Subject) (err error) {
	net := m.model.Net
	switch {
	case len(trainedParams(net)) == 0:
		if c.Bool("train") {
			return fmt.Errorf("%s: there is nothing to train: the network has no parameters but constants", m.model.Name)
		}
		note(c, []string{m.model.Name + " has no parameters to train: it is measured in inference only"})
		m.parts.train = false
		return nil
	case regresses(m.model):
		s.Fit, s.Loss = net, loss.MSE{}
		s.Data, err = benchTargets(net.InputShape(), net.OutputShape(), m.NeedsSamples())
		return err
	}
	if s.Loss, err = m.model.Loss(); err != nil {
		return err
	}
	if s.Fit, err = net.ForTraining(s.Loss); err != nil && net.Output().Probabilities() {
		s.Loss = loss.BCE{}
		s.Fit, err = net.ForTraining(s.Loss)
	}
	return err
}

func trainedParams(net *nn.Network) (trained []*nn.Param) {
	for _, p := range net.Params() {
		if p.Trained() {
			trained = append(trained, p)
		}
	}
	return trained
}

// regresses reports whether a network gives numbers that do not stand for classes: a map, or a
// single number without a sigmoid, unless it was trained by another loss.
func regresses(m *model.Model) bool {
	if m.Settings != nil || m.Meta("loss") != "" || m.Net.Output().Probabilities() {
		return false
	}
	shape := m.Net.OutputShape()
	return len(shape) > 1 || shape.Size() == 1
}

// openForeign prepares a file that has no trainable form: the reference evaluator runs it.
func (m *measurement) openForeign(c *cli.Context) error {
	f := m.model
	if f.LacksSize() {
		return usage("%s: %w", f.Name, f.Foreign.Why)
	}
	if c.Bool("train") || c.Bool("layers") {
		return f.Untrainable()
	}
	shape, err := f.SampleShape(0, 0)
	if err != nil {
		return err
	}
	note(c, append(f.Notes(), f.Name+" cannot be trained, and its layers are not timed: it is measured in inference only"))
	m.parts.train, m.parts.layers = false, false
	s := bench.Subject{Forward: func(n int) (func() error, error) {
		samples, _, err := randomSamples(shape, model.Classes(f.Net), n)
		return func() error {
			_, err := f.Predict(samples, 0)
			return err
		}, err
	}}
	_, what, err := randomSamples(shape, 2, 1)
	m.subjects = append(m.subjects, s)
	m.Networks = append(m.Networks, report.BenchNetwork{Name: f.Name, Engine: f.Engine(), Input: shape, Data: what})
	return err
}
