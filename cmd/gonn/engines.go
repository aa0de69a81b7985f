package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/engine/gorgonia"
	"github.com/gonn-toolkit/gonn/onnxio/engine/ort"
)

// engineFlags choose what runs a model.
var engineFlags = []cli.Flag{
	&cli.StringSliceFlag{Name: "engine", Usage: "`NAME`: gonn, reference (float64), gorgonia or ort (ONNX Runtime)", DefaultText: "gonn, or reference for a file without a trainable form"},
	&cli.StringFlag{Name: "ort-lib", Usage: "`PATH` of ONNX Runtime's shared library, for --engine ort", EnvVars: []string{"GONN_ORT_LIB"}},
}

// enginesOf are the engines of --engine, which may be repeated or hold a list; none if it is
// not given.
func enginesOf(c *cli.Context) (chosen []engine.Engine, err error) {
	r, err := evaluatorOf(c)
	if err != nil {
		return nil, err
	}
	all := []engine.Engine{engine.Gonn{}, r, gorgonia.Engine{}, ort.Engine{Library: c.String("ort-lib")}}
	for _, list := range c.StringSlice("engine") {
		for name := range strings.SplitSeq(list, ",") {
			i := slices.IndexFunc(all, func(e engine.Engine) bool { return e.Name() == name })
			if i < 0 {
				return nil, usage("--engine %s: choose gonn, reference, gorgonia or ort%s", name, didYouMean(name, []string{"gonn", "reference", "gorgonia", "ort"}, ""))
			}
			if !slices.Contains(chosen, all[i]) {
				chosen = append(chosen, all[i])
			}
		}
	}
	return chosen, nil
}

// onEngine says of an error which engine it is about.
func onEngine(e engine.Engine, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("--engine %s: %w", e.Name(), err)
}
