package main

import (
	"io"
	"math"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/bench"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
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

func runBench(c *cli.Context) error {
	if err := noArgs(c); err != nil {
		return err
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
	set, err := recipe.OpenData(recipe.DefaultData, 0, data.Options{})
	if err != nil {
		return err
	}
	cfg.Samples = set.Train
	m := measurement{Config: cfg, w: &report.Page{Writer: c.App.Writer}}
	if c.Bool("json") {
		m.w.Writer = io.Discard
	}
	m.Bench = report.Bench{Gonn: version(), Train: []bench.TrainRow{}, Infer: []bench.InferRow{}, Kernels: []bench.KernelRow{}}
	if m.Machine, err = bench.ThisMachine(); err != nil {
		return err
	}
	if err := m.measure(c, acts); err != nil {
		return err
	}
	if c.Bool("json") {
		return report.WriteJSON(c.App.Writer, &m.Bench)
	}
	return nil
}

func benchActs(c *cli.Context) ([]string, error) {
	acts := c.StringSlice("act")
	if len(acts) == 0 {
		return bench.Acts, nil
	}
	for _, act := range acts {
		if _, err := activation.Parse(act); err != nil {
			name, _, _ := strings.Cut(act, ":")
			return nil, usage("--act: %w%s", err, didYouMean(name, actNames(), ""))
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
