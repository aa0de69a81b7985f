package main

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/report"
)

func dataCommand() *cli.Command {
	return &cli.Command{
		Name:  "data",
		Usage: "shapes, class counts and pictures of a data set",
		Description: "With --png it also draws both sets, a row a class, to check them by eye; with --augment\n" +
			"the training set as the first epoch of seed 1 changes it.\n\n" +
			"Examples:\n" +
			"  gonn data --png digits.png         MNIST and its inverse\n" +
			"  gonn data --data mnist --png mnist.png\n" +
			"  gonn data --data mnist --augment shift:2,noise:0.1 --png augmented.png\n" +
			"  gonn data --data ./fashion --json",
		Flags: slices.Concat(dataFlags, []cli.Flag{
			&cli.StringFlag{Name: "augment", Usage: augmentUsage},
			&cli.StringFlag{Name: "png", Usage: "draw a montage to `FILE.png`: the training set on the left, the test set on the right"},
			forceFlag, jsonFlag,
		}),
		Action: describeData,
	}
}

func describeData(c *cli.Context) error {
	if err := noArgs(c); err != nil {
		return err
	}
	changes, err := data.ParseAugmentation(c.String("augment"))
	if err != nil {
		return usage("--augment: %w", err)
	}
	set, err := dataFor(c)
	if err != nil {
		return err
	}
	r, err := report.DataOf(set)
	if err != nil {
		return err
	}
	r.Augment, r.Montage = changes.String(), c.String("png")
	if r.Montage != "" {
		if err := checkOutputs(c, r.Montage); err != nil {
			return err
		}
		if !strings.EqualFold(filepath.Ext(r.Montage), ".png") {
			return usage("--png %s: give a name that ends in .png", r.Montage)
		}
	}
	if len(changes) > 0 {
		if set.Train, err = data.Augment(set.Train, changes, 1); err != nil {
			return exitError{err, exitUsage}
		}
	}
	if r.Montage != "" {
		png, err := montageOf(set)
		if err != nil {
			return err
		}
		if err := writeFiles(c, atomicfile.File{Path: r.Montage, Data: png}); err != nil {
			return err
		}
	}
	return write(c, r)
}

// montageOf draws both sets side by side, as a PNG.
func montageOf(set *data.Set) ([]byte, error) {
	const cols, scale, gap = 10, 2, 24
	left, err := data.Montage(set.Train, set.Train.Classes(), cols, scale)
	if err != nil {
		return nil, err
	}
	right, err := data.Montage(set.Test, set.Test.Classes(), cols, scale)
	if err != nil {
		return nil, err
	}
	w, h := left.Bounds().Dx(), left.Bounds().Dy()
	both := image.NewRGBA(image.Rect(0, 0, w+gap+right.Bounds().Dx(), h))
	draw.Draw(both, both.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(both, left.Bounds(), left, image.Point{}, draw.Src)
	draw.Draw(both, right.Bounds().Add(image.Pt(w+gap, 0)), right, image.Point{}, draw.Src)
	var buf bytes.Buffer
	if err := png.Encode(&buf, both); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
