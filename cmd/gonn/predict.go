package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
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

// prediction is what --json prints for each picture.
type prediction struct {
	Image         string    `json:"image"`
	Class         int       `json:"class"`
	Name          string    `json:"name,omitempty"` // of the class, if it is known
	Probabilities []float32 `json:"probabilities"`
}

func predict(c *cli.Context) error {
	images := c.Args().Slice()
	model := ""
	if len(images) > 0 && strings.HasSuffix(images[0], ".onnx") {
		model, images = images[0], images[1:]
	}
	if len(images) == 0 {
		return usage("predict needs a picture, as in gonn predict seven.png")
	}
	src, err := openRunnable(c, model)
	if err != nil {
		return err
	}
	shape, err := src.pictureShape()
	if err != nil {
		return err
	}
	loaded, err := data.LoadImages(shape, images...)
	if err != nil {
		return err
	}
	names, err := src.classNames()
	if err != nil {
		return err
	}
	loss, err := src.Loss()
	if err != nil {
		return err
	}
	y, err := answers(c, src, loaded)
	if err != nil {
		return err
	}
	var all []prediction
	for i, image := range images {
		p := src.Net.Output().ClassProbabilities(loss, y.Sample(i))
		one := prediction{Image: image, Class: nn.ArgMax(p), Probabilities: p}
		if names != nil {
			one.Name = names.Of(one.Class)
		}
		all = append(all, one)
	}
	if c.Bool("json") {
		return writeJSON(c.App.Writer, all)
	}
	for _, p := range all {
		fmt.Fprintf(c.App.Writer, "%s: %s\n", p.Image, topClasses(p.Probabilities, names, 3))
	}
	return nil
}

// topClasses lists the n likeliest classes: "7 (99.8 %), 1 (0.1 %)".
func topClasses(p []float32, names data.ClassNames, n int) string {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] > p[b]:
			return -1
		case p[a] < p[b]:
			return 1
		}
		return 0
	})
	var parts []string
	for _, k := range order[:min(n, len(order))] {
		parts = append(parts, fmt.Sprintf("%s (%.1f %%)", names.Of(k), 100*p[k]))
	}
	return strings.Join(parts, ", ")
}
