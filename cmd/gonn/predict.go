package main

import (
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report"
)

func predictCommand() *cli.Command {
	return &cli.Command{
		Name:      "predict",
		Usage:     "classify pictures",
		ArgsUsage: "[MODEL.onnx] IMAGE…",
		Description: "Pictures are PNG or JPEG of any size; they are resized to the network's input, in\n" +
			"grey or colour as it takes them. Pixels 0…255 become 0…1 and are normalised as the\n" +
			"network was trained, unless flags say otherwise. A file that has no trainable form\n" +
			"runs on the reference evaluator, slowly.\n\n" +
			"Examples:\n" +
			"  gonn predict seven.png             with the newest run\n" +
			"  gonn predict model.onnx a.png b.jpg --json\n" +
			"  gonn predict model.onnx a.png --mean 0.1307 --std 0.3081",
		Flags:  slices.Concat([]cli.Flag{runFlag, layoutFlag, jsonFlag}, engineFlags, normFlags),
		Action: predict,
	}
}

func predict(c *cli.Context) error {
	images := c.Args().Slice()
	path := ""
	if len(images) > 0 && isModel(images[0]) {
		path, images = images[0], images[1:]
	}
	if len(images) == 0 {
		return usage("predict needs a picture, as in gonn predict seven.png")
	}
	m, err := openRunnable(c, path)
	if err != nil {
		return err
	}
	if err := applyNormFlags(c, m); err != nil {
		return err
	}
	shape, err := m.SampleShape()
	if err != nil {
		return err
	}
	loaded, err := data.LoadImages(shape, images...)
	if err != nil {
		return err
	}
	names, err := m.ClassNames()
	if err != nil {
		return err
	}
	loss, err := m.Loss()
	if err != nil {
		return err
	}
	y, err := answers(c, m, loaded)
	if err != nil {
		return err
	}
	var all report.Predictions
	for i, image := range images {
		all = append(all, report.PredictionOf(image, m.Probabilities(loss, y.Sample(i)), names))
	}
	return write(c, all)
}

// isModel reports whether an argument is a model and not a picture: a file of ONNX's name
// or a folder.
func isModel(path string) bool {
	info, err := os.Stat(path)
	return strings.HasSuffix(path, ".onnx") || err == nil && info.IsDir()
}

// answers is what a model gives for samples: on the engine of --engine if there is one.
func answers(c *cli.Context, m *model.Model, samples nn.Samples) (*nn.Tensor, error) {
	engines, err := enginesOf(c)
	switch {
	case err != nil:
		return nil, err
	case len(engines) > 1:
		return nil, usage("--engine %s: %s takes one", strings.Join(c.StringSlice("engine"), ","), c.Command.Name)
	case len(engines) == 0:
		note(c, m.Notes())
		return m.Predict(samples, 0)
	}
	y, err := m.PredictOn(engines[0], samples)
	return y, onEngine(engines[0], err)
}
