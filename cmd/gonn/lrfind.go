package main

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/lrfind"
	"github.com/gonn-toolkit/gonn/train/progress"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
)

func lrFindCommand() *cli.Command {
	d := lrfind.Default()
	return &cli.Command{
		Name:  "lr-find",
		Usage: "find a learning rate: a short training whose rate rises until the loss grows",
		Description: "The test trains a network as gonn train would, but with a rate that rises from step to step\n" +
			"by the same factor (Smith 2017). It makes no run, and changes none that it starts from. Its\n" +
			"suggestions are those of fastai and Lightning: try them, a training of some epochs decides.\n" +
			"Settings are those of gonn train but for the rate, its schedule and the epochs, which the\n" +
			"test replaces.\n\n" +
			"Examples:\n" +
			"  gonn lr-find --act prelu\n" +
			"  gonn lr-find --optimizer sgd --momentum 0.9 --max 10 -o rates.png\n" +
			"  gonn lr-find --config runs/prelu-001/run.json --json\n" +
			"  gonn lr-find --net model.onnx --data ./digits --steps 100",
		Flags: slices.Concat(testedFlags(), []cli.Flag{
			&cli.Float64Flag{Name: "min", Value: d.Min, Usage: "learning rate `X` of the first step"},
			&cli.Float64Flag{Name: "max", Value: d.Max, Usage: "learning rate `X` of the last step"},
			&cli.IntFlag{Name: "steps", Value: d.Steps, Usage: "`N` steps"},
			configFlag,
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "draw the losses to `FILE.png` or FILE.svg"},
			themeFlag, widthFlag, forceFlag, jsonFlag,
		}),
		Action: findRate,
	}
}

// untested are the settings of gonn train that a test replaces or has no use for.
var untested = []string{"epochs", "lr", "schedule", "warmup", "patience", "restore-best", "metrics", "tensorboard", "histograms"}

// testedFlags are the flags of the other settings.
func testedFlags() (flags []cli.Flag) {
	for _, f := range settingFlags {
		if !slices.Contains(untested, f.flag.Names()[0]) {
			flags = append(flags, f.flag)
		}
	}
	return flags
}

func findRate(c *cli.Context) error {
	if err := noArgs(c); err != nil {
		return err
	}
	test := lrfind.Config{Min: c.Float64("min"), Max: c.Float64("max"), Steps: c.Int("steps")}
	if err := test.Check(); err != nil {
		return usage("--%w", err)
	}
	path := c.String("output")
	if path != "" {
		if !drawn(path) {
			return usage("-o %s: give a name that ends in .png or .svg", path)
		}
		if err := checkOutputs(c, path); err != nil {
			return err
		}
	}
	theme, err := themeOf(c)
	if err != nil {
		return err
	}
	t, err := testedTraining(c)
	if err != nil {
		return asTyped(c, err)
	}
	note(c, t.Notes)
	cfg, err := t.Settings.Config(t.Network)
	if err != nil {
		return err
	}
	line := progress.NewLine(c.App.ErrWriter)
	test.Progress = func(step int, p lrfind.Point) {
		line.Show(fmt.Sprintf("step %d/%d  lr %.2g  smoothed loss %.4g", step, test.Steps, p.LR, p.Smoothed))
	}
	result, err := lrfind.Run(t.Network, t.Fit, cfg, test)
	line.Clear()
	if err != nil {
		return err
	}
	r := report.LRFindOf(t, test, result)
	if r.Picture = path; path != "" {
		data, err := encodeFigure(c, result.Figure(r.What()), theme, path)
		if err != nil {
			return err
		}
		if err := writeFiles(c, atomicfile.File{Path: path, Data: data}); err != nil {
			return err
		}
	}
	return write(c, r)
}

// testedTraining is what the settings stand for, without what a test replaces.
func testedTraining(c *cli.Context) (*recipe.Training, error) {
	s, err := settingsOf(c)
	if err != nil {
		return nil, err
	}
	d := recipe.Default()
	s.Epochs, s.LR, s.Schedule, s.Warmup, s.Patience, s.RestoreBest, s.Metrics = d.Epochs, d.LR, "", "", 0, false, ""
	s.TensorBoard, s.Histograms = false, 0
	return recipe.New(s)
}
