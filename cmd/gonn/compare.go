package main

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/bundle"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report"
)

func compareCommand() *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "does gonn compute what another framework recorded? do two networks answer alike?",
		ArgsUsage: "REFERENCE.onnx [MODEL.onnx] | BUNDLE",
		Description: "With recorded data (--inputs and --expected, or ONNX's test_data_set_* folders beside\n" +
			"the reference) it runs each model that is named in gonn's kernels and holds it against\n" +
			"what was recorded, layer by layer where inner values are among it: under the file's names\n" +
			"of values, PyTorch's names of modules or Keras's of layers. Each layer is fed the recorded\n" +
			"inputs of its own (by itself) and what the layers in front give (accumulated). The first\n" +
			"line is the answer: which layer is wrong, or that only rounding grows. If the outputs\n" +
			"differ, corrections are tried for likely causes, and one is named if it alone makes them\n" +
			"agree. Both sides stand beside the file in float64, and the ways in which users run the\n" +
			"network beside running it layer by layer. Data is as the reference takes it: NHWC for\n" +
			"Keras. A file that has no trainable form runs on the reference evaluator, in float64.\n\n" +
			"NaN equals nothing, not even NaN; an infinity equals the same infinity.\n\n" +
			"Without anything to hold it against, the reference's network is held against its own\n" +
			"file in float64.\n\n" +
			"With --inputs alone, or --same and made-up samples, MODEL.onnx is held against the\n" +
			"reference, number by number.\n\n" +
			"With a run, or two models and a data set, it puts both on the same test set, normalised\n" +
			"as each was trained: loss, accuracy, agreement, McNemar's test, the samples on which they\n" +
			"disagree. It matches their filters, since two trainings have their channels in different\n" +
			"orders: how alike the filters are before and after, and learned slopes side by side. That\n" +
			"informs and never fails.\n\n" +
			"With --engine each engine named is held against the recorded data, or without any\n" +
			"against what the float64 evaluator gives for made-up samples.\n\n" +
			"A BUNDLE is a training that was recorded in PyTorch, Keras or Go (gonn record). Its steps\n" +
			"are repeated in the framework's semantics. Each is judged by itself, from the recorded\n" +
			"parameters and optimizer state: loss, gradients, parameters, running statistics. The\n" +
			"first that diverges is named. How far a training comes that goes on freely from the\n" +
			"start is shown, not judged: kinks carry two right programs apart.\n\n" +
			"Exit status: 0 equal, 1 different, 2 could not compare.\n\n" +
			"Examples:\n" +
			"  gonn compare reference.onnx --inputs in.npz --expected out.npz\n" +
			"  gonn compare reference.onnx port.onnx --same\n" +
			"  gonn compare reference.onnx --engine gonn,reference,gorgonia\n" +
			"  gonn compare reference.onnx --run runs/prelu-001 --limit 2000\n" +
			"  gonn compare runs/prelu-001 runs/prelu-002 --disagreements differ.png\n" +
			"  gonn compare reference.onnx model.onnx --json\n" +
			"  gonn compare reference.onnx port.onnx --same --html parity.html --junit parity.xml\n" +
			"  gonn compare bundle",
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "inputs", Usage: "recorded inputs: `A.npy`, or A.npz with the names of the ONNX inputs"},
			&cli.StringFlag{Name: "expected", Usage: "recorded results: `B.npy`, or B.npz with the names of the ONNX outputs, and any inner values"},
			&cli.BoolFlag{Name: "all-plans", Usage: "run the network also in ways that take long: batches of 128 on every kind of kernels"},
			&cli.BoolFlag{Name: "same", Usage: "hold the second model against the reference on made-up samples"},
			&cli.StringFlag{Name: "tolerance", Value: "close", Usage: "`PRESET`: exact (0), close (atol 1e-5, rtol 1e-5), loose (1e-4, 1e-3) or ulp:N"},
			&cli.Float64Flag{Name: "atol", Usage: "absolute tolerance `X`"},
			&cli.Float64Flag{Name: "rtol", Usage: "tolerance `X` relative to the largest value of the reference tensor"},
			&cli.BoolFlag{Name: "elementwise", Usage: "take --rtol relative to each element, as NumPy does"},
			&cli.StringFlag{Name: "disagreements", Usage: "draw the samples of the data set on which the models disagree to `FILE.png`"},
			forceFlag,
			runFlag, byNumberFlag, sizeFlag, layoutFlag, workersFlag, jsonFlag,
		}, compareFileFlags, dataFlags, engineFlags, evaluatorFlags, trainingFlags),
		Action: func(c *cli.Context) error {
			err := limited(compare)(c)
			var e exitError
			if err != nil && !errors.As(err, &e) {
				err = exitError{err, exitUsage} // 1 is for networks that differ
			}
			return err
		},
	}
}

func compare(c *cli.Context) error {
	if c.NArg() < 1 || c.NArg() > 2 {
		return usage("compare takes REFERENCE.onnx and at most one MODEL.onnx, got %d arguments", c.NArg())
	}
	if dir := c.Args().First(); bundle.Is(dir) {
		return compareTraining(c, dir)
	}
	for _, name := range []string{"semantics", "steps"} {
		if c.IsSet(name) {
			return usage("--%s is for a BUNDLE, a folder with %s, which %s is not", name, bundle.DescriptionFile, c.Args().First())
		}
	}
	tol, err := tolerance(c)
	if err != nil {
		return err
	}
	if err := checkCompareFiles(c); err != nil {
		return err
	}
	ref, err := openFile(c, c.Args().Get(0))
	if err != nil {
		return err
	}
	defer ref.Close()
	second, err := secondModel(c)
	if err != nil {
		return err
	}
	if second != nil {
		defer second.Close()
	}
	r := report.NewCompare(ref.Name, tol)
	if err := numberByNumber(c, r, ref, second, tol); err != nil {
		return err
	}
	if err := sideBySide(c, r, ref, second); err != nil {
		return err
	}
	r.Engine, r.Layout = cmp.Or(strings.Join(c.StringSlice("engine"), ","), r.Engine, ref.Engine()), ref.InputLayout()
	if err := writeCompareFiles(c, r); err != nil {
		return err
	}
	if err := write(c, r); err != nil {
		return err
	}
	return exitOf(r)
}

// exitOf is the exit status that a report asks for.
func exitOf(r *report.Compare) error {
	switch {
	case r.Equal != nil && !*r.Equal:
		return exitError{errors.New(""), exitFailed} // the report says it all
	case r.Failed() > 0:
		return exitError{errors.New(""), exitUsage}
	}
	return nil
}

// secondModel opens the model beside the reference, if one is named; nil if none is.
func secondModel(c *cli.Context) (*model.Model, error) {
	if c.NArg() < 2 && c.String("run") == "" {
		return nil, nil
	}
	return openModel(c, c.Args().Get(1))
}

func tolerance(c *cli.Context) (parity.Tolerance, error) {
	t, err := parity.ParseTolerance(c.String("tolerance"))
	if err != nil {
		return t, usage("%w%s", err, didYouMean(c.String("tolerance"), []string{"exact", "close", "loose"}, ""))
	}
	if c.IsSet("atol") || c.IsSet("rtol") {
		if c.IsSet("tolerance") {
			return t, usage("--tolerance and --atol or --rtol exclude each other")
		}
		t = parity.Tolerance{Atol: c.Float64("atol"), Rtol: c.Float64("rtol")}
		if !(t.Atol >= 0) || !(t.Rtol >= 0) {
			return t, usage("--atol %v and --rtol %v must be 0 or more", t.Atol, t.Rtol)
		}
	}
	if t.Elementwise = c.Bool("elementwise"); t.Elementwise && t.ByULP {
		return t, usage("--elementwise has no meaning with ulp:N, which counts steps of each element")
	}
	return t, nil
}
