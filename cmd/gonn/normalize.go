package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
)

// normFlags say how pixels become numbers for models that were trained otherwise than
// they tell.
var normFlags = []cli.Flag{
	&cli.StringFlag{Name: "mean", Usage: "subtract `M` from each pixel after scaling; a list M,M,M for colour", DefaultText: "the model's own"},
	&cli.StringFlag{Name: "std", Usage: "then divide by `S`; a list S,S,S for colour", DefaultText: "the model's own"},
	&cli.Float64Flag{Name: "scale", Usage: "multiply pixels 0…255 by `X`", DefaultText: "1/255"},
}

func normFlagsSet(c *cli.Context) bool { return c.IsSet("mean") || c.IsSet("std") || c.IsSet("scale") }

// normalizationOf is how a network brings its input to be normalised, "" if it does
// not or flags replace it.
func normalizationOf(c *cli.Context, src *source) string {
	if normFlagsSet(c) {
		return ""
	}
	return src.told("normalize")
}

// normalizedBy says so in a report.
func normalizedBy(spec string) string {
	if spec == "" {
		return ""
	}
	return ", normalised by " + spec
}

// asRead is a set as the source's network reads it: normalised, and for a file that has no
// trainable form what the evaluator makes of that.
func asRead(c *cli.Context, src *source, s nn.Samples) (nn.Samples, error) {
	v, err := normalized(c, src, s)
	if err != nil || src.Foreign == nil {
		return v, err
	}
	if v, err = src.Foreign.Head.Outputs(v, c.Int("workers")); err != nil {
		return nil, fmt.Errorf("%s: %w", src.Name, err)
	}
	return v, nil
}

// normalized is a set normalised by normFlags if one is given, else as the source was
// trained.
func normalized(c *cli.Context, src *source, s nn.Samples) (nn.Samples, error) {
	if !normFlagsSet(c) {
		v, err := normalizedView(s, src.told("normalize"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", src.Name, err)
		}
		return v, nil
	}
	n := data.Norm{Scale: c.Float64("scale")}
	if c.IsSet("scale") && n.Scale == 0 {
		return nil, usage("--scale 0: every pixel would be the same")
	}
	var err error
	if n.Mean, err = numbers("mean", c.String("mean")); err != nil {
		return nil, err
	}
	if n.Std, err = numbers("std", c.String("std")); err != nil {
		return nil, err
	}
	v, err := data.Normalize(s, n)
	if err != nil {
		return nil, exitError{err, exitUsage}
	}
	return v, nil
}

// normalizedView is a set normalised as run.Settings spell it, "" for not at all.
func normalizedView(s nn.Samples, spec string) (nn.Samples, error) {
	if spec == "" {
		return s, nil
	}
	n, err := data.ParseNorm(spec)
	if err != nil {
		return nil, fmt.Errorf("normalize: %w", err)
	}
	return data.Normalize(s, n)
}

// numbers reads a list like 0.485,0.456,0.406.
func numbers(flag, list string) ([]float64, error) {
	if list == "" {
		return nil, nil
	}
	var v []float64
	for part := range strings.SplitSeq(list, ",") {
		x, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return nil, usage("--%s %s: %q is not a number", flag, list, part)
		}
		v = append(v, x)
	}
	return v, nil
}
