package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/recipe"
)

// Defaults of networks by name, which are those of train on MNIST.
const (
	defaultAct     = "prelu"
	defaultClasses = 10
)

// presetOf is the network of --net, or the study's, with an activation, untrained, for samples
// of --size and so many --classes.
func presetOf(c *cli.Context, act string) (*nn.Network, error) {
	name, input := "study", nn.Shape{1, 28, 28}
	if c.IsSet("net") {
		name = c.String("net")
	}
	if c.IsSet("size") {
		var err error
		if input, err = parseSize(c.String("size")); err != nil {
			return nil, err
		}
		if len(input) != 3 {
			return nil, usage("--size %s: a network by name needs CHANNELSxHEIGHTxWIDTH, as in 3x32x32", c.String("size"))
		}
	}
	classes := c.Int("classes")
	if classes < 2 {
		return nil, usage("--classes %d: need at least 2", classes)
	}
	net, err := recipe.Preset(name, act, input, classes)
	if err != nil {
		return nil, exitError{asTyped(c, err), exitUsage}
	}
	return net, nil
}
