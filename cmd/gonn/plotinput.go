package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/plot/kinds"
	"github.com/gonn-toolkit/gonn/train/run"
)

// picturePaths are the files that pictures are written to. Without --force none may exist: some
// pictures take long.
func picturePaths(c *cli.Context, asked []*kinds.Kind) ([]string, error) {
	var paths []string
	for _, k := range asked {
		path, err := picturePath(c.String("output"), k, len(asked) > 1)
		if err != nil {
			return nil, err
		}
		if _, err := os.Lstat(path); err == nil && !c.Bool("force") {
			return nil, asExists(&atomicfile.ExistsError{Path: path})
		}
		paths = append(paths, path)
	}
	return paths, nil
}

func picturePath(output string, k *kinds.Kind, several bool) (string, error) {
	if output == "" {
		return k.Name + ".png", nil
	}
	ext := filepath.Ext(output)
	if lower := strings.ToLower(ext); k.Formats[lower] == nil && lower != ".png" && lower != ".svg" {
		names := append([]string{".png", ".svg"}, slices.Sorted(maps.Keys(k.Formats))...)
		return "", usage("-o %s: %s is written to a file whose name ends in %s", output, k.Name, strings.Join(names, " or "))
	}
	if several {
		output = strings.TrimSuffix(output, ext) + "-" + k.Name + ext
	}
	return output, nil
}

// pictureInput opens what a picture is of.
func pictureInput(c *cli.Context, k *kinds.Kind) (*kinds.Input, error) {
	in := &kinds.Input{Options: map[string]string{}, Workers: c.Int("workers")}
	for _, o := range k.Options {
		if c.IsSet(o.Name) {
			in.Options[o.Name] = fmt.Sprint(c.Value(o.Name))
		}
	}
	paths := c.Args().Tail()
	if len(paths) > 0 && k.Takes == kinds.Nothing {
		return nil, usage("%s takes no run or model, got %q", k.Name, paths[0])
	}
	if len(paths) == 0 && k.Takes != kinds.Nothing && !k.Optional {
		dir, err := run.Latest(runsRoot)
		if err != nil {
			return nil, err
		}
		paths = []string{dir}
	}
	var err error
	in.Sources, err = kinds.Open(k.Takes, paths...)
	if err == nil {
		err = pictureModels(c, k, in)
	}
	return in, err
}

// pictureModels makes the models of a picture ready, and opens the samples that it needs.
func pictureModels(c *cli.Context, k *kinds.Kind, in *kinds.Input) error {
	var models []*model.Model
	for _, s := range in.Sources {
		if s.Model != nil {
			models = append(models, s.Model)
		}
	}
	if k.Data {
		return pictureData(c, in, models)
	}
	size, err := sizeOf(c, models...)
	for _, m := range models {
		m.Fix(size)
	}
	return err
}

// pictureData opens samples and makes models ready for them.
func pictureData(c *cli.Context, in *kinds.Input, models []*model.Model) error {
	evaluator, err := evaluatorOf(c)
	if err != nil {
		return err
	}
	for _, m := range models {
		m.Evaluator = evaluator
	}
	set, err := dataFor(c, models...)
	if err != nil {
		return err
	}
	if err := prepare(c, set.Train.Shape(), models...); err != nil {
		return err
	}
	if len(models) > 0 {
		set, err = readBy(c, models[0], set)
	}
	in.Data = set
	return err
}
