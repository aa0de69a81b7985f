package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
)

func evalCommand() *cli.Command {
	return &cli.Command{
		Name:      "eval",
		Usage:     "loss and accuracy of a network on a data set",
		ArgsUsage: "[MODEL.onnx]",
		Description: "Examples:\n" +
			"  gonn eval                          the newest run on its own test set\n" +
			"  gonn eval --run runs/prelu-001 --json\n" +
			"  gonn eval model.onnx --data mnist  a file on another set",
		Flags: append([]cli.Flag{
			runFlag, dataFlag, limitFlag, workersFlag,
			&cli.BoolFlag{Name: "train-set", Usage: "evaluate on the training set instead of the test set"},
			jsonFlag,
		}, normFlags...),
		Action: eval,
	}
}

// evalReport is what --json prints.
type evalReport struct {
	Model    string  `json:"model"`
	Data     string  `json:"data"`
	Set      string  `json:"set"`
	Samples  int     `json:"samples"`
	LossName string  `json:"loss_name"`
	Loss     float64 `json:"loss"`
	Accuracy float64 `json:"accuracy"`
}

func eval(c *cli.Context) error {
	path, err := oneArg(c, "MODEL.onnx")
	if err != nil {
		return err
	}
	src, err := openSource(c, path)
	if err != nil {
		return err
	}
	set, err := dataFor(c, src)
	if err != nil {
		return err
	}
	r := evalReport{Model: src.Name, Data: set.Name, Set: "test"}
	samples := set.Test
	if c.Bool("train-set") {
		r.Set, samples = "train", set.Train
	}
	if samples, err = normalized(c, samples); err != nil {
		return err
	}
	loss, err := src.Loss()
	if err != nil {
		return err
	}
	st, err := evaluate(src, samples, loss, c.Int("workers"))
	if err != nil {
		return err
	}
	r.Samples, r.LossName, r.Loss, r.Accuracy = st.Samples, loss.Name(), st.Loss(), st.Accuracy()
	if c.Bool("json") {
		return writeJSON(c.App.Writer, r)
	}
	fmt.Fprintf(c.App.Writer, "%s on %s (%s set, %d samples): %s %.4f, accuracy %.4f\n",
		r.Model, r.Data, r.Set, r.Samples, r.LossName, r.Loss, r.Accuracy)
	return nil
}

// evaluate runs a network that may end in a softmax, which cross-entropy includes.
func evaluate(src *source, samples nn.Samples, loss nn.Loss, workers int) (nn.Stats, error) {
	net := src.Net
	if !loss.Probabilities() {
		net = net.Logits()
	}
	st, err := net.Evaluate(samples, loss, workers)
	if err != nil {
		return st, fmt.Errorf("%s: %w", src.Name, err)
	}
	return st, nil
}
