package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/score"
)

func evalCommand() *cli.Command {
	return &cli.Command{
		Name:      "eval",
		Usage:     "loss, accuracy and scores of each class on a data set",
		ArgsUsage: "[MODEL.onnx]",
		Description: "A class that nothing was taken for has precision 0, one without samples recall 0. A file\n" +
			"that has no trainable form runs on the reference evaluator, slowly: --limit takes a part\n" +
			"of the data.\n\n" +
			"Examples:\n" +
			"  gonn eval                          the newest run on its own test set\n" +
			"  gonn eval --confusion              and which classes it takes for which\n" +
			"  gonn eval --run runs/prelu-001 --json\n" +
			"  gonn eval --loss cross-entropy     without the smoothing or weights of training\n" +
			"  gonn eval model.onnx --data mnist  a file on another set",
		Flags: append(append([]cli.Flag{
			runFlag, dataFlag, limitFlag, workersFlag,
			&cli.BoolFlag{Name: "train-set", Usage: "evaluate on the training set instead of the test set"},
			&cli.BoolFlag{Name: "confusion", Usage: "print the confusion matrix: rows are the true classes, columns the answers"},
			layoutFlag, jsonFlag,
		}, lossFlags...), normFlags...),
		Action: eval,
	}
}

func eval(c *cli.Context) error {
	path, err := oneArg(c, "MODEL.onnx")
	if err != nil {
		return err
	}
	src, err := openRunnable(c, path)
	if err != nil {
		return err
	}
	set, err := dataFor(c, src)
	if err != nil {
		return err
	}
	r := evalReport{Model: src.Name, Engine: src.engine(), Data: set.Name, Set: "test"}
	samples := set.Test
	if c.Bool("train-set") {
		r.Set, samples = "train", set.Train
	}
	loss, err := lossOf(c, src, set.Train)
	if err != nil {
		return err
	}
	src.noteForeign(c.App.ErrWriter)
	if samples, err = asRead(c, src, samples); err != nil {
		return err
	}
	net, err := src.Net.For(loss)
	if err != nil {
		return fmt.Errorf("%s: %w", src.Name, err)
	}
	st, err := score.Of(net, samples, loss, c.Int("workers"))
	if err != nil {
		return fmt.Errorf("%s: %w", src.Name, err)
	}
	r.LossName = loss.Name()
	r.Normalize, r.ClassNames = normalizationOf(c, src), set.ClassNames
	r.fill(st)
	if c.Bool("json") {
		return writeJSON(c.App.Writer, r)
	}
	r.print(c.App.Writer)
	if c.Bool("confusion") {
		printConfusion(c.App.Writer, r.Confusion, r.ClassNames)
	}
	return nil
}

// evaluate runs a network as a loss takes it.
func evaluate(src *source, samples nn.Samples, loss nn.Loss, workers int) (nn.Stats, error) {
	net, err := src.Net.For(loss)
	if err != nil {
		return nn.Stats{}, fmt.Errorf("%s: %w", src.Name, err)
	}
	st, err := net.Evaluate(samples, loss, workers)
	if err != nil {
		return st, fmt.Errorf("%s: %w", src.Name, err)
	}
	return st, nil
}
