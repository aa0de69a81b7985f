package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
)

const fastConvUsage = "allow Winograd's algorithm for 3×3 convolutions of batches: about twice as fast, with errors two to four times those of plain sums"

var fastConvFlag = &cli.BoolFlag{Name: "fast-conv", Usage: fastConvUsage}

// allowFastConv does what the flag asks for. The networks are nil if the evaluator runs the
// model.
func allowFastConv(c *cli.Context, nets ...*nn.Network) error {
	if !c.Bool("fast-conv") {
		return nil
	}
	for _, net := range nets {
		if net == nil {
			return usage("--fast-conv is for networks with a trainable form: the reference evaluator runs this model")
		}
		net.SetFastConv(true)
	}
	return nil
}
