package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
)

var fastConvFlag = &cli.BoolFlag{Name: "fast-conv", Usage: "allow Winograd's algorithm for 3×3 convolutions in batches of inference: about twice as fast, with errors two to four times those of plain sums"}

// allowFastConv does what the flag asks for. net is nil if the evaluator runs the model.
func allowFastConv(c *cli.Context, net *nn.Network) error {
	if !c.Bool("fast-conv") {
		return nil
	}
	if net == nil {
		return usage("--fast-conv is for networks with a trainable form: the reference evaluator runs this model")
	}
	net.SetFastConv(true)
	return nil
}
