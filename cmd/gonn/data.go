package main

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/data"
)

func dataCommand() *cli.Command {
	return &cli.Command{
		Name:  "data",
		Usage: "shapes, class counts and pictures of a data set",
		Description: "With --png it also draws both sets, a row a class, to check them by eye.\n\n" +
			"Examples:\n" +
			"  gonn data --png digits.png         MNIST and its inverse\n" +
			"  gonn data --data mnist --png mnist.png\n" +
			"  gonn data --data ./fashion --json",
		Flags: []cli.Flag{
			dataFlag, limitFlag,
			&cli.StringFlag{Name: "png", Usage: "draw a montage to `FILE.png`: the training set on the left, the test set on the right"},
			jsonFlag,
		},
		Action: describeData,
	}
}

// setReport is what --json prints for each of the two sets.
type setReport struct {
	Set         string   `json:"set"`
	Samples     int      `json:"samples"`
	Shape       nn.Shape `json:"shape"`
	ClassCounts []int    `json:"class_counts"`
}

func describeData(c *cli.Context) error {
	if err := noArgs(c); err != nil {
		return err
	}
	set, err := dataFor(c)
	if err != nil {
		return err
	}
	report := func(name string, s nn.Samples) setReport {
		return setReport{name, s.Len(), s.Shape(), data.Counts(s)}
	}
	sets := []setReport{report("train", set.Train), report("test", set.Test)}
	montage := c.String("png")
	if montage != "" {
		if err := writeMontage(montage, set); err != nil {
			return err
		}
	}
	if c.Bool("json") {
		return writeJSON(c.App.Writer, struct {
			Data    string      `json:"data"`
			SHA256  string      `json:"sha256"`
			Sets    []setReport `json:"sets"`
			Montage string      `json:"montage,omitempty"`
		}{set.Name, set.SHA256, sets, montage})
	}
	fmt.Fprintf(c.App.Writer, "%s, SHA-256 %s\n", set.Name, set.SHA256)
	for _, r := range sets {
		fmt.Fprintf(c.App.Writer, "%-5s %7d samples of shape %v; per class: %s\n",
			r.Set, r.Samples, r.Shape, strings.Trim(fmt.Sprint(r.ClassCounts), "[]"))
	}
	if montage != "" {
		fmt.Fprintf(c.App.Writer, "montage: %s\n", montage)
	}
	return nil
}

// writeMontage draws both sets side by side.
func writeMontage(path string, set *data.Set) error {
	const cols, scale, gap = 10, 2, 24
	left, err := data.Montage(set.Train, set.Train.Classes(), cols, scale)
	if err != nil {
		return err
	}
	right, err := data.Montage(set.Test, set.Test.Classes(), cols, scale)
	if err != nil {
		return err
	}
	w, h := left.Bounds().Dx(), left.Bounds().Dy()
	both := image.NewRGBA(image.Rect(0, 0, w+gap+right.Bounds().Dx(), h))
	draw.Draw(both, both.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(both, left.Bounds(), left, image.Point{}, draw.Src)
	draw.Draw(both, right.Bounds().Add(image.Pt(w+gap, 0)), right, image.Point{}, draw.Src)
	var buf bytes.Buffer
	if err := png.Encode(&buf, both); err != nil {
		return err
	}
	return atomicfile.Write(path, buf.Bytes())
}
