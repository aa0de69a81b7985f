package report

import (
	"cmp"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/bench"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// Bench holds what was measured on a machine. Peaks have the keys 1 and all: numbers of
// workers.
type Bench struct {
	Gonn        string             `json:"gonn"`
	Machine     bench.Machine      `json:"machine"`
	PeakGFLOPS  map[string]float64 `json:"peak_gflops"`
	ProbeGFLOPS map[string]float64 `json:"probe_gflops"`
	Peaks       []bench.Peak       `json:"peaks"`
	Networks    []BenchNetwork     `json:"networks"` // that were measured
	Train       []bench.TrainRow   `json:"train"`
	Infer       []bench.InferRow   `json:"infer"`
	Layers      []*bench.Layers    `json:"layers"`
	Kernels     []bench.KernelRow  `json:"kernels"`
}

// NewBench is a report without figures.
func NewBench(version string) Bench {
	return Bench{
		Gonn: version, Networks: []BenchNetwork{}, Train: []bench.TrainRow{}, Infer: []bench.InferRow{},
		Layers: []*bench.Layers{}, Kernels: []bench.KernelRow{},
	}
}

// BenchNetwork is a network that is measured, and on what.
type BenchNetwork struct {
	Name string `json:"name"` // of a preset, or the file or folder
	Act  string `json:"act,omitempty"`
	// Engine is gonn, or what runs a file that has no trainable form, of which only the shape of
	// its samples is known.
	Engine     string   `json:"engine"`
	Input      nn.Shape `json:"input"`
	Output     nn.Shape `json:"output,omitempty"`
	Parameters int      `json:"parameters,omitempty"`
	MACs       int      `json:"macs,omitempty"` // of inference, for one sample
	Loss       string   `json:"loss,omitempty"` // of training
	Data       string   `json:"data"`
}

// Text writes all figures. Measuring takes long: BenchMachine, BenchPeaks and the tables
// below write each part as soon as it is there.
func (r *Bench) Text(w *Page) {
	BenchMachine(w, r.Machine)
	BenchPeaks(w, r.Peaks)
	for _, n := range r.Networks {
		BenchNetworkLine(w, n)
	}
	for i, row := range r.Train {
		if i == 0 {
			BenchTrainHead(w, row.Batch)
		}
		BenchTrainRow(w, row)
	}
	for i, row := range r.Infer {
		if i == 0 {
			BenchInferHead(w)
		}
		BenchInferRow(w, row)
	}
	for _, l := range r.Layers {
		BenchLayers(w, l)
	}
	for i, row := range r.Kernels {
		if i == 0 {
			BenchKernelHead(w)
		}
		BenchKernelRow(w, row)
	}
}

// BenchMachine writes what was measured on.
func BenchMachine(w *Page, m bench.Machine) {
	fmt.Fprintf(w, "%s, %d processors, %s, %s, %s kernels\n", m.CPU, m.Processors, m.Platform, m.Go, m.Kernels)
}

// BenchPeaks writes the table of peaks.
func BenchPeaks(w *Page, peaks []bench.Peak) {
	fmt.Fprintf(w, "\n%-10s %7s %12s %13s %8s\n", "kernels", "workers", "peak GFLOP/s", "probe GFLOP/s", "of peak")
	for _, p := range peaks {
		fmt.Fprintf(w, "%-10s %7d %12.1f %13.1f %6.0f %%\n", p.Kernels, p.Workers, p.GFLOPS, p.ProbeGFLOPS, 100*p.ProbeShare)
	}
}

// BenchNetworkLine says what is measured.
func BenchNetworkLine(w *Page, n BenchNetwork) {
	fmt.Fprintln(w)
	name := oneLine(n.Name)
	switch {
	case n.Act != "":
		name += " with " + n.Act
	default:
		name += ranOn(n.Engine)
	}
	text := fmt.Sprintf("%s: input %v", name, n.Input)
	if n.MACs > 0 {
		text += fmt.Sprintf(", %s parameters, %s multiply–accumulates a sample", thousands(n.Parameters), thousands(n.MACs))
	}
	if n.Loss != "" {
		text += ", loss " + n.Loss
	}
	w.fill("%s, on %s", text, n.Data)
}

// ofFile stands for the activations of a network that is no preset.
const ofFile = "its own"

// BenchTrainHead writes the head of the table of training steps.
func BenchTrainHead(w *Page, batch int) {
	fmt.Fprintf(w, "\ntraining, batches of %d\n%-20s %7s %10s %9s %8s %8s\n", batch,
		"activation", "workers", "samples/s", "GFLOP/s", "of peak", "speedup")
}

// BenchTrainRow writes one of its rows.
func BenchTrainRow(w *Page, t bench.TrainRow) {
	fmt.Fprintf(w, "%-20s %7d %10.0f %9.1f %6.1f %% %8.2f\n", cmp.Or(t.Act, ofFile), t.Workers, t.SamplesPerS, t.GFLOPS, 100*t.ShareOfPeak, t.Speedup)
}

// BenchInferHead writes the head of the table of inference.
func BenchInferHead(w *Page) {
	fmt.Fprintf(w, "\ninference, %d workers\n%-20s %7s %10s %10s %8s\n", bench.AllWorkers(), "activation", "batch", "µs", "samples/s", "of peak")
}

// BenchInferRow writes one of its rows. Of the reference evaluator no share of the peak is
// known.
func BenchInferRow(w *Page, i bench.InferRow) {
	fmt.Fprintf(w, "%-20s %7d %10.1f %10.0f", cmp.Or(i.Act, ofFile), i.Batch, i.US, i.SamplesPerS)
	if i.ShareOfPeak > 0 {
		fmt.Fprintf(w, " %6.1f %%", 100*i.ShareOfPeak)
	}
	fmt.Fprintln(w)
}

// BenchKernelHead writes the head of the table of kernels.
func BenchKernelHead(w *Page) {
	fmt.Fprintf(w, "\nkernels, 16 samples a worker\n%-20s %-24s %7s %8s %7s %7s\n",
		"kernel", "shape", "workers", "µs", "GFLOP/s", "of peak")
}

// BenchKernelRow writes one of its rows. A kernel without multiply-adds has its speed in
// millions of values a second instead.
func BenchKernelRow(w *Page, k bench.KernelRow) {
	fmt.Fprintf(w, "%-20s %-24s %7d %8.1f ", table.Shorten(k.Kernel, 20), table.Shorten(k.Shape, 24), k.Workers, k.US)
	if k.GFLOPS > 0 {
		fmt.Fprintf(w, "%7.1f %5.1f %%\n", k.GFLOPS, 100*k.ShareOfPeak)
	} else {
		fmt.Fprintf(w, "%7.0f M/s\n", k.ElementsPerS/1e6)
	}
}
