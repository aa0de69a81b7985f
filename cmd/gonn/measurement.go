package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn/bench"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report"
)

// measurement fills the report of bench and writes each figure as soon as it is there.
type measurement struct {
	report.Bench
	bench.Config
	parts    parts
	subjects []bench.Subject
	told     bool         // whether to say what the networks are
	model    *model.Model // nil for networks by name
	w        *report.Page
}

// Close ends what runs a file.
func (m *measurement) Close() error {
	if m.model == nil {
		return nil
	}
	return m.model.Close()
}

// measure measures the parts.
func (m *measurement) measure(c *cli.Context) error {
	report.BenchMachine(m.w, m.Machine)
	if err := m.measurePeaks(); err != nil {
		return err
	}
	if m.told {
		for _, n := range m.Networks {
			report.BenchNetworkLine(m.w, n)
		}
	}
	if m.parts.train {
		if err := m.measureTrain(); err != nil {
			return err
		}
	}
	if m.parts.infer {
		if err := m.measureInfer(); err != nil {
			return err
		}
	}
	if m.parts.layers {
		if err := m.measureLayers(); err != nil {
			return err
		}
	}
	if m.parts.kernels {
		return m.measureKernels(c.String("kernel"))
	}
	return nil
}

func (m *measurement) measurePeaks() (err error) {
	workers := []int{1}
	if n := bench.AllWorkers(); n > 1 {
		workers = append(workers, n)
	}
	if m.Peaks, err = bench.Peaks(workers, m.Seconds); err != nil {
		return err
	}
	m.PeakGFLOPS, m.ProbeGFLOPS = map[string]float64{}, map[string]float64{}
	for _, p := range m.Peaks[:len(workers)] {
		if p.Workers == 1 {
			m.PeakGFLOPS["1"], m.ProbeGFLOPS["1"] = p.GFLOPS, p.ProbeGFLOPS
		}
		if p.Workers == bench.AllWorkers() {
			m.PeakGFLOPS["all"], m.ProbeGFLOPS["all"] = p.GFLOPS, p.ProbeGFLOPS
		}
	}
	report.BenchPeaks(m.w, m.Peaks)
	return nil
}

func (m *measurement) measureTrain() error {
	report.BenchTrainHead(m.w, m.Batch)
	for _, s := range m.subjects {
		rows, err := bench.Train(s, m.Config)
		if err != nil {
			return err
		}
		m.Train = append(m.Train, rows...)
		for _, row := range rows {
			report.BenchTrainRow(m.w, row)
		}
	}
	return nil
}

func (m *measurement) measureInfer() error {
	report.BenchInferHead(m.w)
	for _, s := range m.subjects {
		rows, err := bench.Infer(s, m.Config)
		if err != nil {
			return err
		}
		m.Infer = append(m.Infer, rows...)
		for _, row := range rows {
			report.BenchInferRow(m.w, row)
		}
	}
	return nil
}

// measureLayers measures the layers in training and in inference, or in the one that is
// measured as a whole.
func (m *measurement) measureLayers() error {
	p := m.parts
	for _, s := range m.subjects {
		if s.Fit != nil && (p.train || !p.infer) {
			if err := m.measurePass(bench.TrainLayers, s); err != nil {
				return err
			}
		}
		if p.infer || !p.train {
			if err := m.measurePass(bench.InferLayers, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *measurement) measurePass(pass func(bench.Subject, bench.Config) (*bench.Layers, error), s bench.Subject) error {
	l, err := pass(s, m.Config)
	if err != nil {
		return err
	}
	m.Layers = append(m.Layers, l)
	report.BenchLayers(m.w, l)
	return nil
}

func (m *measurement) measureKernels(text string) error {
	report.BenchKernelHead(m.w)
	workers := m.Workers[:1]
	if last := m.Workers[len(m.Workers)-1]; last != workers[0] {
		workers = []int{workers[0], last}
	}
	return bench.Kernels(text, workers, m.Seconds, func(row bench.KernelRow) {
		m.Kernels = append(m.Kernels, row)
		report.BenchKernelRow(m.w, row)
	})
}
