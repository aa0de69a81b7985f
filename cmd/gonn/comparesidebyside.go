package main

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
)

// sideBySide puts the reference beside a second model on a data set. Where numbers have
// answered the question of the command it takes a run or a data set that is named.
func sideBySide(c *cli.Context, r *report.Compare, ref, second *model.Model) error {
	answered := len(r.Replays) > 0
	if answered && !besideDataSet(c, second) {
		switch {
		case c.IsSet("layout"):
			return usage("--layout is for data sets: recorded data is as the file takes it")
		case c.IsSet("disagreements"):
			return usage("--disagreements draws samples of a data set: name a second model and --data, or --run, without --inputs and --same")
		}
		return nil
	}
	if second == nil {
		dir, err := run.Latest(runsRoot)
		if err != nil && r.Answer != "" {
			return nil
		}
		if err != nil {
			return usage("nothing to compare %s with: give --inputs and --expected, a second MODEL.onnx or --run DIR; %w", ref.Name, err)
		}
		if second, err = model.OpenRun(dir); err != nil {
			return err
		}
		note(c, []string{fmt.Sprintf("beside %s on its data set, the latest run in %s: --run DIR names another", second.Name, runsRoot)})
	}
	set, err := dataFor(c, second, ref)
	if err != nil {
		return err
	}
	if err := prepare(c, set.Test.Shape(), ref, second); err != nil {
		return err
	}
	note(c, slices.Concat(ref.Notes(), ref.PixelNotes(), second.Notes(), second.PixelNotes()))
	workers := c.Int("workers")
	var inputs [2]nn.Samples
	for i, m := range []*model.Model{ref, second} {
		matched, err := readBy(c, m, set)
		if err != nil {
			return err
		}
		if err := checkSamples(m, set); err != nil {
			return err
		}
		if inputs[i], err = m.Inputs(matched.Test, workers); err != nil {
			return err
		}
	}
	answers, err := parity.Models(ref.Net, second.Net, inputs[0], inputs[1], sameClass(c, ref, second), workers)
	if err != nil {
		return err
	}
	r.Models = report.SideBySideOf(set, ref, second, answers)
	return drawDisagreements(c, r.Models, set)
}

// sameClass reports whether classes of two models have one name; nil where they are paired by
// number, because names are not known or not wanted.
func sameClass(c *cli.Context, a, b *model.Model) func(ofA, ofB int) bool {
	namesA, namesB := a.ClassNames(), b.ClassNames()
	if namesA == nil || namesB == nil || c.Bool("by-number") {
		return nil
	}
	return func(ofA, ofB int) bool { return data.SameClassName(namesA.Of(ofA), namesB.Of(ofB)) }
}

// besideDataSet reports whether models are to be compared on a data set also where numbers
// have answered.
func besideDataSet(c *cli.Context, second *model.Model) bool {
	return c.IsSet("run") && !c.IsSet("inputs") && !c.Bool("same") || second != nil && c.IsSet("data")
}
