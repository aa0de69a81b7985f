package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn/bench"
	"github.com/gonn-toolkit/gonn/train/report"
)

// measurement fills the report of bench and writes each figure as soon as it is there.
type measurement struct {
	report.Bench
	bench.Config
	w *report.Page
}

// measure measures the parts that the flags name, all of them if they name none.
func (m *measurement) measure(c *cli.Context, acts []string) error {
	report.BenchMachine(m.w, m.Machine)
	if err := m.measurePeaks(); err != nil {
		return err
	}
	train, infer, kernels := c.Bool("train"), c.Bool("infer"), c.Bool("kernels") || c.IsSet("kernel")
	all := !train && !infer && !kernels
	if train || all {
		if err := m.measureTrain(acts); err != nil {
			return err
		}
	}
	if infer || all {
		if err := m.measureInfer(acts); err != nil {
			return err
		}
	}
	if kernels || all {
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

func (m *measurement) measureTrain(acts []string) error {
	report.BenchTrainHead(m.w, m.Batch)
	for _, act := range acts {
		rows, err := bench.Train(act, m.Config)
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

func (m *measurement) measureInfer(acts []string) error {
	report.BenchInferHead(m.w)
	for _, act := range acts {
		rows, err := bench.Infer(act, m.Config)
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
