package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/run"
)

// balanced stands for class weights that come from the training samples.
const balanced = "balanced"

const lossUsage = "`LOSS[:ARG]`: cross-entropy, mse, bce, bce-logits or huber, as in cross-entropy:0.1"

var classWeightsFlag = &cli.StringFlag{
	Name:  "class-weights",
	Usage: "weigh the loss of each class by `W0,W1,…`, or balanced: samples/(classes·samples of the class)",
}

// lossHelp lists the losses.
func lossHelp() string {
	var b strings.Builder
	b.WriteString("Losses (means over samples; z are logits, t is the one-hot label):\n")
	for _, f := range nn.Losses {
		arg := ""
		if f.Arg != "" {
			arg = "[:" + f.Arg + "]"
		}
		fmt.Fprintf(&b, "  %-30s %s\n", f.Name+arg, f.Formula)
	}
	return b.String()
}

// checkLoss finds losses and class weights that cannot be, whatever the data is.
func checkLoss(s run.Settings) error {
	if s.ClassWeights == balanced {
		s.ClassWeights = "1" // any, to see whether the loss takes some
	}
	if _, err := s.NewLoss(); err != nil {
		return exitError{err, exitUsage}
	}
	return nil
}

// classWeights are the weights that --class-weights stands for, as numbers: what is
// recorded must not depend on the data at hand when the run is read again.
func classWeights(spelled string, train nn.Samples) (string, error) {
	if spelled != balanced {
		return spelled, nil
	}
	w, err := nn.BalancedWeights(train)
	if err != nil {
		return "", usage("--class-weights balanced: %w", err)
	}
	return nn.FormatClassWeights(w), nil
}

// lossFlags are those of commands that measure a network.
var lossFlags = []cli.Flag{
	&cli.StringFlag{Name: "loss", Usage: lossUsage, DefaultText: "the one it was trained with"},
	classWeightsFlag,
	&cli.StringFlag{Name: "semantics", Usage: "compute the loss as in `pytorch|keras`", DefaultText: "as it was trained"},
}

// lossOf is the loss of a network, or the one that lossFlags ask for.
func lossOf(c *cli.Context, src *source, train nn.Samples) (nn.Loss, error) {
	s := src.lossSettings()
	if c.IsSet("loss") {
		s.Loss, s.ClassWeights = c.String("loss"), ""
	}
	if c.IsSet("semantics") {
		s.Semantics = c.String("semantics")
	}
	if c.IsSet("class-weights") {
		w, err := classWeights(c.String("class-weights"), train)
		if err != nil {
			return nil, err
		}
		s.ClassWeights = w
	}
	loss, err := s.NewLoss()
	if err != nil {
		return nil, exitError{fmt.Errorf("%s: %w", src.Name, err), exitUsage}
	}
	if _, err := src.Net.For(loss); err != nil {
		return nil, usage("%s: --%w", src.Name, err)
	}
	if err := loss.Check(src.Net.OutputShape().Size(), train.Classes()); err != nil {
		return nil, exitError{fmt.Errorf("%s: %w", src.Name, err), exitUsage}
	}
	return loss, nil
}
