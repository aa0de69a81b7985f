package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/bench"
)

func benchCommand() *cli.Command {
	return &cli.Command{
		Name:  "bench",
		Usage: "speed of training, inference and kernels, beside the floating-point peak of this machine",
		Description: "The peak is measured: multiply-adds on registers alone. The probe beside it has the\n" +
			"loads of a convolution: where it falls, the machine is busy with something else.\n" +
			"Shares are medians over pairs of short slices. The network is the study's.\n\n" +
			"Examples:\n" +
			"  gonn bench\n" +
			"  gonn bench --train --act prelu --act mish --seconds 5\n" +
			"  gonn bench --infer --json\n" +
			"  gonn bench --kernel conv2",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "act", Usage: "activation `NAME[:ARG]`, may be repeated", DefaultText: strings.Join(bench.Acts, ", ")},
			&cli.Float64Flag{Name: "seconds", Usage: "`X` seconds for each figure", Value: 1},
			&cli.IntFlag{Name: "workers", Usage: "`N` goroutines alone (0: one, two, four … one a processor)"},
			&cli.IntFlag{Name: "batch", Usage: "`N` samples a step of training", Value: 128},
			&cli.BoolFlag{Name: "train", Usage: "training steps only, or with the other parts that are named"},
			&cli.BoolFlag{Name: "infer", Usage: "inference only, likewise"},
			&cli.BoolFlag{Name: "kernels", Usage: "kernels only, likewise"},
			&cli.StringFlag{Name: "kernel", Usage: "kernels only, those with `TEXT` in their name"},
			jsonFlag,
		},
		Action: runBench,
	}
}

// benchReport is what --json prints. Peaks have the keys 1 and all: numbers of workers.
type benchReport struct {
	Gonn        string             `json:"gonn"`
	Machine     bench.Machine      `json:"machine"`
	PeakGFLOPS  map[string]float64 `json:"peak_gflops"`
	ProbeGFLOPS map[string]float64 `json:"probe_gflops"`
	Peaks       []bench.Peak       `json:"peaks"`
	Train       []bench.TrainRow   `json:"train"`
	Infer       []bench.InferRow   `json:"infer"`
	Kernels     []bench.KernelRow  `json:"kernels"`
}

func runBench(c *cli.Context) error {
	if c.Args().Present() {
		return usage("bench takes no argument, got %q", c.Args().First())
	}
	acts, err := benchActs(c)
	if err != nil {
		return err
	}
	if err := checkKernel(c.String("kernel")); err != nil {
		return err
	}
	cfg, err := benchConfig(c)
	if err != nil {
		return err
	}
	set, err := openData(defaultData, 0)
	if err != nil {
		return err
	}
	cfg.Samples = set.Train
	out := c.App.Writer
	if c.Bool("json") {
		out = io.Discard
	}
	r := benchReport{Gonn: version(), Train: []bench.TrainRow{}, Infer: []bench.InferRow{}, Kernels: []bench.KernelRow{}}
	if r.Machine, err = bench.ThisMachine(); err != nil {
		return err
	}
	if err := r.measure(c, cfg, acts, out); err != nil {
		return err
	}
	if c.Bool("json") {
		return writeJSON(c.App.Writer, r)
	}
	return nil
}

func benchActs(c *cli.Context) ([]string, error) {
	acts := c.StringSlice("act")
	if len(acts) == 0 {
		return bench.Acts, nil
	}
	for _, act := range acts {
		if _, err := nn.ParseActivation(act); err != nil {
			return nil, exitError{err, exitUsage}
		}
	}
	return acts, nil
}

func checkKernel(text string) error {
	names, err := bench.KernelNames()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, text) }) {
		return usage("--kernel %s: none has this in its name; there are %s", text, strings.Join(names, ", "))
	}
	return nil
}

func benchConfig(c *cli.Context) (bench.Config, error) {
	cfg := bench.Config{Batch: c.Int("batch"), Seconds: c.Float64("seconds"), Workers: bench.Scale()}
	switch n := c.Int("workers"); {
	case n < 0:
		return cfg, usage("--workers %d: need 1 or more, or 0 for one, two, four … one a processor", n)
	case n > 0:
		cfg.Workers = []int{n}
	}
	if cfg.Batch < 1 {
		return cfg, usage("--batch %d: need at least 1", cfg.Batch)
	}
	if !(cfg.Seconds > 0) || math.IsInf(cfg.Seconds, 0) {
		return cfg, usage("--seconds %v: need a number above 0", cfg.Seconds)
	}
	return cfg, nil
}

// measure fills the report and prints each figure as soon as it is there.
func (r *benchReport) measure(c *cli.Context, cfg bench.Config, acts []string, out io.Writer) error {
	m := r.Machine
	fmt.Fprintf(out, "%s, %d processors, %s, %s, %s kernels\n", m.CPU, m.Processors, m.Platform, m.Go, m.Kernels)
	if err := r.measurePeaks(cfg, out); err != nil {
		return err
	}
	train, infer, kernels := c.Bool("train"), c.Bool("infer"), c.Bool("kernels") || c.IsSet("kernel")
	all := !train && !infer && !kernels
	if train || all {
		if err := r.measureTrain(cfg, acts, out); err != nil {
			return err
		}
	}
	if infer || all {
		if err := r.measureInfer(cfg, acts, out); err != nil {
			return err
		}
	}
	if kernels || all {
		return r.measureKernels(cfg, c.String("kernel"), out)
	}
	return nil
}

func (r *benchReport) measurePeaks(cfg bench.Config, out io.Writer) (err error) {
	workers := []int{1}
	if n := bench.AllWorkers(); n > 1 {
		workers = append(workers, n)
	}
	if r.Peaks, err = bench.Peaks(workers, cfg.Seconds); err != nil {
		return err
	}
	r.PeakGFLOPS, r.ProbeGFLOPS = map[string]float64{}, map[string]float64{}
	for _, p := range r.Peaks[:len(workers)] {
		if p.Workers == 1 {
			r.PeakGFLOPS["1"], r.ProbeGFLOPS["1"] = p.GFLOPS, p.ProbeGFLOPS
		}
		if p.Workers == bench.AllWorkers() {
			r.PeakGFLOPS["all"], r.ProbeGFLOPS["all"] = p.GFLOPS, p.ProbeGFLOPS
		}
	}
	fmt.Fprintf(out, "\n%-10s %7s %12s %13s %8s\n", "kernels", "workers", "peak GFLOP/s", "probe GFLOP/s", "of peak")
	for _, p := range r.Peaks {
		fmt.Fprintf(out, "%-10s %7d %12.1f %13.1f %6.0f %%\n", p.Kernels, p.Workers, p.GFLOPS, p.ProbeGFLOPS, 100*p.ProbeShare)
	}
	return nil
}

func (r *benchReport) measureTrain(cfg bench.Config, acts []string, out io.Writer) error {
	fmt.Fprintf(out, "\ntraining, batches of %d\n%-20s %7s %10s %9s %8s %8s\n", cfg.Batch,
		"activation", "workers", "samples/s", "GFLOP/s", "of peak", "speedup")
	for _, act := range acts {
		rows, err := bench.Train(act, cfg)
		if err != nil {
			return err
		}
		r.Train = append(r.Train, rows...)
		for _, t := range rows {
			fmt.Fprintf(out, "%-20s %7d %10.0f %9.1f %6.1f %% %8.2f\n", t.Act, t.Workers, t.SamplesPerS, t.GFLOPS, 100*t.ShareOfPeak, t.Speedup)
		}
	}
	return nil
}

func (r *benchReport) measureInfer(cfg bench.Config, acts []string, out io.Writer) error {
	fmt.Fprintf(out, "\ninference, %d workers\n%-20s %7s %10s %10s %8s\n", bench.AllWorkers(), "activation", "batch", "µs", "samples/s", "of peak")
	for _, act := range acts {
		rows, err := bench.Infer(act, cfg)
		if err != nil {
			return err
		}
		r.Infer = append(r.Infer, rows...)
		for _, i := range rows {
			fmt.Fprintf(out, "%-20s %7d %10.1f %10.0f %6.1f %%\n", i.Act, i.Batch, i.US, i.SamplesPerS, 100*i.ShareOfPeak)
		}
	}
	return nil
}

func (r *benchReport) measureKernels(cfg bench.Config, text string, out io.Writer) error {
	fmt.Fprintf(out, "\nkernels, 16 samples a worker\n%-24s %-28s %7s %10s %9s %8s %12s\n",
		"kernel", "shape", "workers", "µs", "GFLOP/s", "of peak", "10⁶ values/s")
	workers := cfg.Workers[:1]
	if last := cfg.Workers[len(cfg.Workers)-1]; last != workers[0] {
		workers = []int{workers[0], last}
	}
	return bench.Kernels(text, workers, cfg.Seconds, func(k bench.KernelRow) {
		r.Kernels = append(r.Kernels, k)
		fmt.Fprintf(out, "%-24s %-28s %7d %10.1f ", k.Kernel, k.Shape, k.Workers, k.US)
		if k.GFLOPS > 0 {
			fmt.Fprintf(out, "%9.1f %6.1f %%\n", k.GFLOPS, 100*k.ShareOfPeak)
		} else {
			fmt.Fprintf(out, "%9s %8s %12.1f\n", "", "", k.ElementsPerS/1e6)
		}
	})
}
