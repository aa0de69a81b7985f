package report

import (
	"fmt"

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
	Train       []bench.TrainRow   `json:"train"`
	Infer       []bench.InferRow   `json:"infer"`
	Kernels     []bench.KernelRow  `json:"kernels"`
}

// Text writes all figures. Measuring takes long: BenchMachine, BenchPeaks and the tables
// below write each part as soon as it is there.
func (r *Bench) Text(w *Page) {
	BenchMachine(w, r.Machine)
	BenchPeaks(w, r.Peaks)
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

// BenchTrainHead writes the head of the table of training steps.
func BenchTrainHead(w *Page, batch int) {
	fmt.Fprintf(w, "\ntraining, batches of %d\n%-20s %7s %10s %9s %8s %8s\n", batch,
		"activation", "workers", "samples/s", "GFLOP/s", "of peak", "speedup")
}

// BenchTrainRow writes one of its rows.
func BenchTrainRow(w *Page, t bench.TrainRow) {
	fmt.Fprintf(w, "%-20s %7d %10.0f %9.1f %6.1f %% %8.2f\n", t.Act, t.Workers, t.SamplesPerS, t.GFLOPS, 100*t.ShareOfPeak, t.Speedup)
}

// BenchInferHead writes the head of the table of inference.
func BenchInferHead(w *Page) {
	fmt.Fprintf(w, "\ninference, %d workers\n%-20s %7s %10s %10s %8s\n", bench.AllWorkers(), "activation", "batch", "µs", "samples/s", "of peak")
}

// BenchInferRow writes one of its rows.
func BenchInferRow(w *Page, i bench.InferRow) {
	fmt.Fprintf(w, "%-20s %7d %10.1f %10.0f %6.1f %%\n", i.Act, i.Batch, i.US, i.SamplesPerS, 100*i.ShareOfPeak)
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
