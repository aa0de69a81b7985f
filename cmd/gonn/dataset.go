package main

import (
	"os"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/data/mnist"
)

// defaultData is the study's: MNIST and its inverse.
const defaultData = "mnist-inverted"

// embeddedData are the sets that are part of the program.
var embeddedData = []string{"mnist-inverted", "mnist"}

var (
	dataFlag  = &cli.StringFlag{Name: "data", Usage: "`SET`: mnist-inverted, mnist, " + data.Formats}
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
	if !slices.Contains(embeddedData, name) {
		if _, err := os.Stat(name); err != nil {
			return nil, usage("--data %s: no such data set; choose mnist-inverted, mnist, or %s", name, data.Formats)
		}
		return data.Open(name)
	}
	train, err := mnist.Train()
	if err != nil {
		return nil, err
	}
	test, err := mnist.Test()
	if err != nil {
		return nil, err
	}
	if name == "mnist" {
		return data.NewSet(name, train, test)
	}
	return data.NewInvertedSet(name, train, test)
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
