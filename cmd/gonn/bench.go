package main

import (
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/bench"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train/report"
)

func benchCommand() *cli.Command {
	return &cli.Command{
		Name:      "bench",
		Usage:     "speed of training, inference, layers and kernels, beside the floating-point peak of this machine",
		ArgsUsage: "[MODEL.onnx]",
		Description: "Without MODEL.onnx, --run and --net the network is the study's. The parts are training,\n" +
			"inference and layers; for the study training, inference and kernels. Flags choose others.\n\n" +
			"The peak is measured: multiply-adds on registers alone. The probe beside it has the\n" +
			"loads of a convolution: where it falls, the machine is busy with something else.\n" +
			"Shares are medians over pairs of short slices. A layer is timed by a clock around it while\n" +
			"the whole network runs; layers that are computed in one pass have one time together. On a\n" +
			"busy machine its share is too high.\n\n" +
			"Samples are MNIST where it fits the network, else random, with random labels. The loss is\n" +
			"the one that the network was trained with, as far as it tells, else what its output calls\n" +
			"for: a single output without a sigmoid, or a map, is fitted to random numbers by mse. A\n" +
			"file that has no trainable form is measured in inference only, on the reference evaluator.\n\n" +
			"Examples:\n" +
			"  gonn bench\n" +
			"  gonn bench model.onnx                          a file, or a run folder\n" +
			"  gonn bench --net resnet20 --act relu --size 3x32x32\n" +
			"  gonn bench model.onnx --infer --layers --batch 1\n" +
			"  gonn bench --net vgg8 --size 3x32x32 --fast-conv\n" +
			"  gonn bench --train --act prelu --act mish --seconds 5\n" +
			"  gonn bench --infer --json\n" +
			"  gonn bench --kernel conv2",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "run", Usage: "measure the network of the run folder `DIR`"},
			&cli.StringFlag{Name: "net", Usage: "measure a `NET` by name: " + strings.Join(preset.Names(), ", ")},
			&cli.StringSliceFlag{Name: "act", Usage: "activation `NAME[:ARG]` of a network by name, may be repeated", DefaultText: defaultAct + " with --net, else " + strings.Join(bench.Acts, ", ")},
			&cli.StringFlag{Name: "size", Usage: "samples of `CxHxW` for a network by name; for a file that leaves the size of its input open as in inspect", DefaultText: "1x28x28"},
			&cli.IntFlag{Name: "classes", Usage: "`N` classes of a network by name", Value: defaultClasses},
			layoutFlag,
			&cli.StringFlag{Name: "batch", Usage: "inference in batches of each of `N,N,…`, and training in those of N if there is one alone", DefaultText: "inference 1,16,128, training 128"},
			&cli.Float64Flag{Name: "seconds", Usage: "`X` seconds for each figure", Value: 1},
			&cli.IntFlag{Name: "workers", Usage: "train with `N` goroutines alone (0: one, two, four … one a processor)"},
			&cli.BoolFlag{Name: "train", Usage: "training steps only, or with the other parts that are named"},
			&cli.BoolFlag{Name: "infer", Usage: "inference only, likewise"},
			&cli.BoolFlag{Name: "layers", Usage: "layers only, likewise: those of training steps, and those of inference of the largest batch"},
			&cli.BoolFlag{Name: "kernels", Usage: "kernels only, likewise"},
			fastConvFlag,
			&cli.StringFlag{Name: "kernel", Usage: "kernels only, those with `TEXT` in their name"},
			jsonFlag,
		},
		Action: runBench,
	}
}

func runBench(c *cli.Context) error {
	if err := checkKernel(c.String("kernel")); err != nil {
		return err
	}
	cfg, err := benchConfig(c)
	if err != nil {
		return err
	}
	path, err := benchedPath(c)
	if err != nil {
		return err
	}
	m := measurement{Config: cfg, Bench: report.NewBench(version()), w: report.NewPage(c.App.Writer)}
	if m.parts, err = partsOf(c, path); err != nil {
		return err
	}
	if c.Bool("json") {
		m.w.Writer = io.Discard
	}
	if m.parts.network() {
		if path != "" {
			err = m.openModel(c, path)
		} else {
			err = m.buildPresets(c)
		}
		if err != nil {
			return err
		}
		defer m.Close()
		for _, s := range m.subjects {
			if err := allowFastConv(c, s.Net, s.Fit); err != nil {
				return err
			}
		}
	}
	if m.Machine, err = bench.ThisMachine(); err != nil {
		return err
	}
	if err := m.measure(c); err != nil {
		return err
	}
	if c.Bool("json") {
		return report.WriteJSON(c.App.Writer, &m.Bench)
	}
	return nil
}

// benchedPath is the file or run folder to measure, "" for a network by name.
func benchedPath(c *cli.Context) (string, error) {
	path, err := oneArg(c, "MODEL.onnx")
	if err != nil {
		return "", err
	}
	dir := c.String("run")
	if path != "" && dir != "" {
		return "", usage("both MODEL.onnx (%s) and --run %s are given: choose one", path, dir)
	}
	if path == "" {
		path = dir
	}
	if path == "" {
		return "", nil
	}
	if c.IsSet("net") {
		return "", usage("both %s and --net %s are given: choose one", path, c.String("net"))
	}
	for _, name := range []string{"act", "classes"} {
		if c.IsSet(name) {
			return "", usage("--%s is for networks by name: %s brings its own", name, path)
		}
	}
	return path, nil
}

// parts are what is measured.
type parts struct{ train, infer, layers, kernels bool }

// network reports whether one of the parts measures a network.
func (p parts) network() bool { return p.train || p.infer || p.layers }

// partsOf are the parts that the flags name; if they name none, those for a network that was
// asked for or for the study's.
func partsOf(c *cli.Context, path string) (parts, error) {
	p := parts{c.Bool("train"), c.Bool("infer"), c.Bool("layers"), c.Bool("kernels") || c.IsSet("kernel")}
	if p == (parts{}) {
		asked := path != "" || c.IsSet("net")
		p = parts{train: true, infer: true, layers: asked, kernels: !asked}
	}
	if !p.network() {
		for _, name := range []string{"net", "act", "size", "classes", "layout"} {
			if c.IsSet(name) {
				path = "--" + name
			}
		}
		if path != "" {
			return p, usage("kernels are measured by themselves: leave %s out, or ask for --train, --infer or --layers too", path)
		}
	}
	return p, nil
}

func benchActs(c *cli.Context) ([]string, error) {
	acts := c.StringSlice("act")
	switch {
	case len(acts) == 0 && c.IsSet("net"):
		return []string{defaultAct}, nil
	case len(acts) == 0:
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
	cfg := bench.Config{Seconds: c.Float64("seconds"), Workers: bench.Scale()}
	switch n := c.Int("workers"); {
	case n < 0:
		return cfg, usage("--workers %d: need 1 or more, or 0 for one, two, four … one a processor", n)
	case n > 0:
		cfg.Workers = []int{n}
	}
	var err error
	if cfg.Batches, err = benchBatches(c); err != nil {
		return cfg, err
	}
	if cfg.Batch = bench.TrainBatch; c.IsSet("batch") && len(cfg.Batches) == 1 {
		cfg.Batch = cfg.Batches[0]
	}
	if !(cfg.Seconds > 0) || math.IsInf(cfg.Seconds, 0) {
		return cfg, usage("--seconds %v: need a number above 0", cfg.Seconds)
	}
	return cfg, nil
}

// maxBenchBatch is the largest batch that is measured: samples for it are made.
const maxBenchBatch = 1 << 16

// benchBatches are the sizes of --batch.
func benchBatches(c *cli.Context) (sizes []int, err error) {
	if !c.IsSet("batch") {
		return bench.Batches, nil
	}
	for text := range strings.SplitSeq(c.String("batch"), ",") {
		n, err := strconv.Atoi(text)
		switch {
		case err != nil:
			return nil, usage("--batch %s: %q is not a number of samples; need one, or a list as in 1,16,128", c.String("batch"), text)
		case n < 1:
			return nil, usage("--batch %s: need at least 1", c.String("batch"))
		case n > maxBenchBatch:
			return nil, usage("--batch %s: need at most %d", c.String("batch"), maxBenchBatch)
		case slices.Contains(sizes, n):
			return nil, usage("--batch %s: %d is there twice", c.String("batch"), n)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}
