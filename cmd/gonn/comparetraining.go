package main

import (
	"errors"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/train/bundle"
	"github.com/gonn-toolkit/gonn/train/replay"
	"github.com/gonn-toolkit/gonn/train/report"
)

var trainingFlags = []cli.Flag{
	&cli.StringFlag{Name: "semantics", Usage: "replay a BUNDLE by those of `FRAMEWORK`, pytorch or keras, in place of its own"},
	&cli.IntFlag{Name: "steps", Usage: "replay the first `N` steps of a BUNDLE, 0 for all"},
}

// compareTraining replays a bundle.
func compareTraining(c *cli.Context, dir string) error {
	if c.NArg() > 1 {
		return usage("compare takes one bundle alone, got %d arguments", c.NArg())
	}
	for _, name := range c.LocalFlagNames() {
		if !slices.Contains([]string{"semantics", "steps", "workers", "json", "timeout"}, name) {
			return usage("--%s has no meaning for the bundle %s", name, dir)
		}
	}
	if c.Int("steps") < 0 {
		return usage("--steps %d must be 0 or more", c.Int("steps"))
	}
	b, err := bundle.Open(dir)
	if err != nil {
		return err
	}
	defer b.Close()
	o := replay.Options{Steps: c.Int("steps"), Workers: c.Int("workers")}
	by := b.FrameworkSemantics()
	if c.IsSet("semantics") {
		if by, err = op.ParseSemantics(c.String("semantics")); err != nil {
			return usage("%w", err)
		}
		o.Semantics = &by
	}
	r, err := replay.Run(c.Context, b, o)
	if err != nil {
		return err
	}
	if err := write(c, report.TrainingReplayOf(b, nn.Semantics(by).String(), r)); err != nil {
		return err
	}
	if !r.Equal {
		return exitError{errors.New(""), exitFailed} // the report says it all
	}
	return nil
}
