package main

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
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
		Description: "With --png it also draws both sets, a row a class, to check them by eye; with --augment\n" +
			"the training set as the first epoch of seed 1 changes it.\n\n" +
			"Examples:\n" +
			"  gonn data --png digits.png         MNIST and its inverse\n" +
			"  gonn data --data mnist --png mnist.png\n" +
			"  gonn data --data mnist --augment shift:2,noise:0.1 --png augmented.png\n" +
			"  gonn data --data ./fashion --json",
		Flags: []cli.Flag{
			dataFlag, limitFlag, augmentFlag,
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

// dataReport is what --json prints.
type dataReport struct {
	Data       string          `json:"data"`
	SHA256     string          `json:"sha256"`
	ClassNames data.ClassNames `json:"class_names,omitempty"`
	Mean       []float64       `json:"mean"` // of the training set, one a channel
	Std        []float64       `json:"std"`
	Normalize  string          `json:"normalize"` // what --normalize auto stands for
	Sets       []setReport     `json:"sets"`
	Augment    string          `json:"augment,omitempty"`
	Montage    string          `json:"montage,omitempty"`
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
	norm, err := data.NormOf(set.Train)
	if err != nil {
		return err
	}
	r := dataReport{
		Data: set.Name, SHA256: set.SHA256, ClassNames: set.ClassNames,
		Mean: norm.Mean, Std: norm.Std, Normalize: norm.String(),
		Augment: changes.String(), Montage: c.String("png"),
	}
	for i, s := range []nn.Samples{set.Train, set.Test} {
		r.Sets = append(r.Sets, setReport{[]string{"train", "test"}[i], s.Len(), s.Shape(), data.Counts(s)})
	}
	if len(changes) > 0 {
		if set.Train, err = data.Augment(set.Train, changes, 1); err != nil {
			return exitError{err, exitUsage}
		}
	}
	if r.Montage != "" {
		if err := writeMontage(r.Montage, set); err != nil {
			return err
		}
	}
	if c.Bool("json") {
		return writeJSON(c.App.Writer, r)
	}
	r.print(c.App.Writer)
	return nil
}

func (r dataReport) print(w io.Writer) {
	fmt.Fprintf(w, "%s, SHA-256 %s\n", r.Data, r.SHA256)
	if r.ClassNames != nil {
		fmt.Fprintf(w, "classes: %s\n", strings.Join(r.ClassNames, ", "))
	}
	for _, s := range r.Sets {
		fmt.Fprintf(w, "%-5s %7d samples of shape %v; per class: %s\n",
			s.Set, s.Samples, s.Shape, strings.Trim(fmt.Sprint(s.ClassCounts), "[]"))
	}
	fmt.Fprintf(w, "mean and deviation of the training pixels: %s, as --normalize auto takes them\n", r.Normalize)
	if r.Augment != "" {
		fmt.Fprintf(w, "augmented by %s\n", r.Augment)
	}
	if r.Montage != "" {
		fmt.Fprintf(w, "montage: %s\n", r.Montage)
	}
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
