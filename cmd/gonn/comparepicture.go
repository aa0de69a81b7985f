package main

import (
	"bytes"
	"image/png"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/report"
)

// drawDisagreements draws the samples on which two models disagree to the file of
// --disagreements, in the order of the report. There is no picture if they agree on all.
func drawDisagreements(c *cli.Context, r *report.SideBySide, set *data.Set) error {
	path := c.String("disagreements")
	if path == "" {
		return nil
	}
	if len(r.Disagreements) == 0 {
		note(c, []string{"both models take all samples for the same classes: " + path + " is not written"})
		return nil
	}
	var samples []int
	for _, d := range r.Disagreements {
		samples = append(samples, d.Sample)
	}
	img, err := data.MontageOf(set.Test, samples, report.PictureColumns, montageScale(set.Test.Shape()))
	if err != nil {
		return usage("--disagreements: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return err
	}
	r.Picture = path
	return writeFiles(c, atomicfile.File{Path: path, Data: b.Bytes()})
}

// montageScale makes small pictures about as large as an icon.
func montageScale(shape []int) int {
	const icon = 84
	side := 1
	for _, n := range shape[min(1, len(shape)):] {
		side = max(side, n)
	}
	return max(1, icon/side)
}
