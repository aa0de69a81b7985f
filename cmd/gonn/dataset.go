package main

import (
	"os"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/data/mnist"
)

// defaultData is the study's: MNIST and its inverse.
const defaultData = "mnist-inverted"

// embeddedData are the sets that are part of the program.
var embeddedData = []string{"mnist-inverted", "mnist"}

var (
	dataFlag  = &cli.StringFlag{Name: "data", Usage: "`SET`: mnist-inverted, mnist, or a folder of IDX files"}
	limitFlag = &cli.IntFlag{Name: "limit", Usage: "take only the first `N` samples of each set"}
)

// openData opens a data set by name. limit 0 means all of it.
func openData(name string, limit int) (*data.Set, error) {
	if limit < 0 {
		return nil, usage("--limit %d: need 1 or more samples", limit)
	}
	set, err := openWhole(name)
	if err != nil {
		return nil, err
	}
	return set.Limit(limit), nil
}

func openWhole(name string) (*data.Set, error) {
	build := data.NewSet
	var train, test *data.Images
	var err error
	switch name {
	case "mnist", "mnist-inverted":
		if train, err = mnist.Train(); err != nil {
			return nil, err
		}
		if test, err = mnist.Test(); err != nil {
			return nil, err
		}
		if name == "mnist-inverted" {
			build = data.NewInvertedSet
		}
	default:
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			return nil, usage("--data %s: no such data set; choose mnist-inverted, mnist, or a folder of IDX files", name)
		}
		if train, test, err = data.OpenDir(name); err != nil {
			return nil, err
		}
	}
	return build(name, train, test)
}

// dataFor opens the set of --data, else the one that the first of the sources was
// trained on, as far as it tells, else the default.
func dataFor(c *cli.Context, sources ...*source) (*data.Set, error) {
	name := defaultData
	for _, s := range sources {
		if trainedOn := s.data(); trainedOn != "" {
			name = trainedOn
			break
		}
	}
	if c.IsSet("data") {
		name = c.String("data")
	}
	return openData(name, c.Int("limit"))
}

// normFlags say how pixels become numbers for models that were trained otherwise.
var normFlags = []cli.Flag{
	&cli.StringFlag{Name: "mean", Usage: "subtract `M` from each pixel after scaling; a list M,M,M for colour"},
	&cli.StringFlag{Name: "std", Usage: "then divide by `S`; a list S,S,S for colour"},
	&cli.Float64Flag{Name: "scale", Usage: "multiply pixels 0…255 by `X`", DefaultText: "1/255"},
}

// normalized applies normFlags to a set.
func normalized(c *cli.Context, s nn.Samples) (nn.Samples, error) {
	if !c.IsSet("mean") && !c.IsSet("std") && !c.IsSet("scale") {
		return s, nil
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
