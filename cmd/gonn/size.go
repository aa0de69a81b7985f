package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
)

// sizeOf is the shape of --size, nil without it. One of the models must leave the size of its
// input open, and those that do must take this one.
func sizeOf(c *cli.Context, models ...*model.Model) (nn.Shape, error) {
	size, err := parseSize(c.String("size"))
	if err != nil || size == nil {
		return nil, err
	}
	var fixed error
	taken := false
	for _, m := range models {
		switch err := m.CheckSize(size); {
		case err == nil:
			taken = true
		case !errors.Is(err, onnxio.ErrFixedSize):
			return nil, usage("--size %s: %w", c.String("size"), err)
		case fixed == nil:
			fixed = err
		}
	}
	if !taken {
		return nil, usage("--size is for files that leave the size of their input open: %w", fixed)
	}
	return size, nil
}

func parseSize(text string) (nn.Shape, error) {
	if text == "" {
		return nil, nil
	}
	var shape nn.Shape
	for part := range strings.SplitSeq(text, "x") {
		n, err := strconv.ParseUint(part, 10, 31)
		if errors.Is(err, strconv.ErrRange) || err == nil && n > data.MaxSide {
			return nil, usage("--size %s: %s is more than %d, the most that is taken", text, part, data.MaxSide)
		}
		if err != nil || n == 0 || len(shape) == 3 {
			return nil, usage("--size %s: need HEIGHTxWIDTH, as in 224x224, CHANNELSxHEIGHTxWIDTH, or the LENGTH of sequences", text)
		}
		shape = append(shape, int(n))
	}
	return shape, nil
}

// checkSamples refuses a set whose samples have another shape than a model takes.
func checkSamples(m *model.Model, set *data.Set) error {
	if err := m.CheckSamples(set.Name, set.Test.Shape()); err != nil {
		return fmt.Errorf("%s: %w", m.Name, err)
	}
	return nil
}
