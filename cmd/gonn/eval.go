package main

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
)

func evalCommand() *cli.Command {
	return &cli.Command{
		Name:      "eval",
		Usage:     "loss, accuracy and scores of each class on a data set",
		ArgsUsage: "[MODEL.onnx]",
		Description: "A class that nothing was taken for has precision 0, one without samples recall 0. A file\n" +
			"that has no trainable form runs on the reference evaluator, slowly: --limit takes a part\n" +
			"of the data. A sample whose answer is not a number counts as wrong and as taken for no\n" +
			"class, and makes the exit code 1.\n\n" +
			"Examples:\n" +
			"  gonn eval                          the newest run on its own test set\n" +
			"  gonn eval --confusion              and which classes it takes for which\n" +
			"  gonn eval --run runs/prelu-001 --json\n" +
			"  gonn eval --loss cross-entropy     without the smoothing or weights of training\n" +
			"  gonn eval model.onnx --data mnist  a file on another set",
		Flags: slices.Concat([]cli.Flag{
			runFlag, workersFlag,
			&cli.BoolFlag{Name: "train-set", Usage: "evaluate on the training set instead of the test set"},
			&cli.BoolFlag{Name: "confusion", Usage: "print the confusion matrix: rows are the true classes, columns the answers"},
			fastConvFlag, byNumberFlag, sizeFlag, layoutFlag, jsonFlag,
		}, dataFlags, lossFlags, evaluatorFlags, normFlags),
		Action: limited(eval),
	}
}

func eval(c *cli.Context) error {
	path, err := oneArg(c, "MODEL.onnx")
	if err != nil {
		return err
	}
	m, err := openModel(c, path)
	if err != nil {
		return err
	}
	defer m.Close()
	if err := allowFastConv(c, m.Net); err != nil {
		return err
	}
	set, err := dataFor(c, m)
	if err != nil {
		return err
	}
	if err := prepare(c, set.Train.Shape(), m); err != nil {
		return err
	}
	if err := applyNormFlags(c, m); err != nil {
		return err
	}
	some := set.Train.Classes() < model.Classes(m.Net)
	if set, err = readBy(c, m, set); err != nil {
		return err
	}
	loss, err := recipe.LossFor(m, lossAsked(c), set.Train)
	if err != nil {
		return asTyped(c, err)
	}
	if err := checkSamples(m, set); err != nil {
		return err
	}
	r := &report.Eval{
		Model: m.Name, Engine: m.Engine(), Data: set.Name, Set: "test", LossName: loss.Name(),
		Normalize: m.Normalize, ClassNames: set.ClassNames, ShowConfusion: c.Bool("confusion"),
	}
	samples := set.Test
	if c.Bool("train-set") {
		r.Set, samples = "train", set.Train
	}
	note(c, append(m.Notes(), m.PixelNotes()...))
	scores, err := m.Scores(samples, loss, c.Int("workers"))
	if err != nil {
		return err
	}
	r.Fill(scores, some)
	if err := write(c, r); err != nil {
		return err
	}
	if r.Unanswered == 0 {
		return nil
	}
	return fmt.Errorf("%s: the answer to %d of %d samples is not a number, first to sample %d: %s",
		m.Name, r.Unanswered, r.Samples, scores.FirstUnanswered, m.WhyNoClass(samples, scores.FirstUnanswered))
}
