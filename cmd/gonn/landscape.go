package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn/landscape"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/progress"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
)

// landscapeSamples is the default of --limit: a few seconds of gradients of the preset study.
const landscapeSamples = 2000

func landscapeCommand() *cli.Command {
	o := landscape.DefaultOptions()
	return &cli.Command{
		Name:      "landscape",
		Usage:     "how sharp the loss is around a network's parameters: curvature, eigenvalues of the Hessian",
		ArgsUsage: "[RUN|SWEEP|MODEL.onnx …]",
		Description: "The loss is the mean over samples of the training set, of the network in inference and\n" +
			"without weight decay. Along random directions each filter changes by its own norm (Li et\n" +
			"al. 2018), which makes networks with large and small weights comparable; eigenvalues of\n" +
			"the Hessian are of the weights as they are. With ReLU and other activations with kinks,\n" +
			"the Hessian is that of the mean loss over a short step, and more samples make it steadier.\n" +
			"gonn plot landscape draws pictures.\n\n" +
			"Examples:\n" +
			"  gonn landscape                     the newest run\n" +
			"  gonn landscape runs/relu-001 runs/mish-001 --json\n" +
			"  gonn landscape sweeps/study        all runs of a sweep\n" +
			"  gonn landscape --limit 10000       of more samples\n" +
			"  gonn landscape --test-set model.onnx --data mnist",
		Flags: slices.Concat([]cli.Flag{
			&cli.BoolFlag{Name: "test-set", Usage: "measure on the test set instead of the training set"},
			&cli.IntFlag{Name: "directions", Value: o.Directions, Usage: "take `N` random directions"},
			&cli.Float64Flag{Name: "distance", Value: o.Distance, Usage: "the rise is that of the loss if each filter changes by `X` of its norm"},
			&cli.Uint64Flag{Name: "seed", Value: o.Seed, Usage: "`N` chooses the directions"},
			workersFlag, byNumberFlag, sizeFlag, jsonFlag,
		}, limitedTo(landscapeSamples), lossFlags, normFlags),
		Action: measureLandscape,
	}
}

// limitedTo is dataFlags with a default of --limit.
func limitedTo(samples int) []cli.Flag {
	flags := slices.Clone(dataFlags)
	limit := *limitFlag
	limit.Value, limit.DefaultText = samples, ""
	limit.Usage += ", 0 for all"
	flags[slices.Index(flags, cli.Flag(limitFlag))] = &limit
	return flags
}

func measureLandscape(c *cli.Context) error {
	o := landscape.DefaultOptions()
	o.Seed, o.Directions, o.Distance = c.Uint64("seed"), c.Int("directions"), c.Float64("distance")
	switch {
	case o.Directions < 2 || o.Directions > 1000:
		return usage("--directions %d: give a number from 2 to 1000", o.Directions)
	case !(o.Distance > 0) || o.Distance-o.Distance != 0:
		return usage("--distance %g: give a number above 0", o.Distance)
	}
	models, err := openModels(c)
	if err != nil {
		return err
	}
	for _, m := range models {
		defer m.Close()
	}
	set, err := dataFor(c, models...)
	if err != nil {
		return err
	}
	r := &report.Landscape{Data: set.Name, Set: "train", Seed: o.Seed, Directions: o.Directions, Distance: o.Distance}
	if c.Bool("test-set") {
		r.Set = "test"
	}
	line := progress.NewLine(c.App.ErrWriter)
	defer line.Clear()
	for _, m := range models {
		line.Clear()
		f, err := objectiveOf(c, m, set)
		if err != nil {
			return err
		}
		o.Progress = func(what string) { line.Show(m.Name + ": " + what) }
		s, err := landscape.Measure(c.Context, f, o)
		switch {
		case errors.Is(err, landscape.ErrNotFinite):
			return fmt.Errorf("%s: %w: gonn eval says where such numbers begin", m.Name, err)
		case err != nil:
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		r.Samples = f.Data.Len()
		r.Add(m.Name, f.Loss.Name(), s)
	}
	line.Clear()
	return write(c, r)
}

// openModels opens all arguments, a sweep's runs for it, or the newest run if there is none.
func openModels(c *cli.Context) ([]*model.Model, error) {
	if !c.Args().Present() {
		m, err := openModel(c, "")
		return []*model.Model{m}, err
	}
	var models []*model.Model
	for _, arg := range c.Args().Slice() {
		paths, err := run.Find(arg)
		if err != nil || len(paths) == 0 { // a file, or a folder of which Open says what is missing
			paths = []string{arg}
		}
		for _, path := range paths {
			m, err := model.Open(path)
			if err != nil {
				return nil, err
			}
			models = append(models, m)
		}
	}
	return models, nil
}

// objectiveOf is the loss of a model on the samples that the flags name.
func objectiveOf(c *cli.Context, m *model.Model, set *data.Set) (*landscape.Objective, error) {
	if err := prepare(c, set.Train.Shape(), m); err != nil {
		return nil, err
	}
	if err := applyNormFlags(c, m); err != nil {
		return nil, err
	}
	set, err := readBy(c, m, set)
	if err != nil {
		return nil, err
	}
	loss, err := recipe.LossFor(m, lossAsked(c), set.Train)
	if err != nil {
		return nil, asTyped(c, err)
	}
	if err := checkSamples(m, set); err != nil {
		return nil, err
	}
	samples := set.Train
	if c.Bool("test-set") {
		samples = set.Test
	}
	o, err := m.Objective(samples, loss, c.Int("workers"))
	if err == nil {
		note(c, append(m.Notes(), m.PixelNotes()...))
	}
	return o, err
}
