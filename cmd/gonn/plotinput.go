package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/plot/kinds"
	"github.com/gonn-toolkit/gonn/train/run"
)

// picturePaths are the files that pictures are written to. They are checked first: some pictures
// take long.
func picturePaths(c *cli.Context, asked []*kinds.Kind) ([]string, error) {
	var paths []string
	for _, k := range asked {
		path, err := picturePath(c.String("output"), k, len(asked) > 1)
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, checkOutputs(c, paths...)
}

func picturePath(output string, k *kinds.Kind, several bool) (string, error) {
	if output == "" {
		return k.Name + ".png", nil
	}
	ext := filepath.Ext(output)
	if k.Formats[strings.ToLower(ext)] == nil && !drawn(output) {
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
	in := &kinds.Input{Options: map[string]string{}, Workers: c.Int("workers"), Context: c.Context}
	for _, o := range k.Options {
		if c.IsSet(o.Name) {
			in.Options[o.Name] = fmt.Sprint(c.Value(o.Name))
		}
	}
	paths, images := c.Args().Tail(), []string(nil)
	if k.Pictures {
		paths, images = modelsFirst(paths)
	} else if i := slices.IndexFunc(paths, isPicture); i >= 0 {
		return nil, usage("%s takes no picture files, got %q", k.Name, paths[i])
	}
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
		err = pictureModels(c, k, in, images)
	}
	return in, err
}

// modelsFirst divides arguments into models and pictures.
func modelsFirst(args []string) (models, images []string) {
	for _, arg := range args {
		if isModel(arg) {
			models = append(models, arg)
		} else {
			images = append(images, arg)
		}
	}
	return models, images
}

func isPicture(path string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg"}, strings.ToLower(filepath.Ext(path)))
}

// pictureModels makes the models of a picture ready, and opens the images or samples that it
// needs.
func pictureModels(c *cli.Context, k *kinds.Kind, in *kinds.Input, images []string) error {
	var models []*model.Model
	for _, s := range in.Sources {
		if s.Model != nil {
			models = append(models, s.Model)
		}
	}
	switch {
	case len(images) > 0:
		return pictureImages(c, in, images)
	case k.Data:
		return pictureData(c, k, in, models)
	}
	size, err := sizeOf(c, models...)
	for _, m := range models {
		m.Fix(size)
	}
	return err
}

// pictureImages reads images as each model takes them.
func pictureImages(c *cli.Context, in *kinds.Input, images []string) error {
	if c.IsSet("data") || c.IsSet("limit") {
		return usage("both pictures (%s) and --data or --limit are given: choose pictures or samples of a data set", images[0])
	}
	for i := range in.Sources {
		s := &in.Sources[i]
		groups, err := bySize(c, s.Model, images)
		if err != nil {
			return err
		}
		if len(groups) > 1 {
			return usage("%s and %s have different sizes, and %s takes any: give one size for all with --size", images[0], groups[1].paths[0], s.Name)
		}
		if s.Pictures, err = groups[0].load(c, s.Model); err != nil {
			return err
		}
		for _, path := range images {
			s.PictureNames = append(s.PictureNames, filepath.Base(path))
		}
		note(c, append(s.Model.Notes(), s.Model.PixelNotes()...))
	}
	return nil
}

// pictureData opens samples and makes models ready for them.
func pictureData(c *cli.Context, k *kinds.Kind, in *kinds.Input, models []*model.Model) error {
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
	if !c.IsSet("limit") {
		set = set.Limit(k.Limit)
	}
	if err := prepare(c, set.Train.Shape(), models...); err != nil {
		return err
	}
	for _, m := range models {
		if k.Trainable && m.Foreign != nil {
			return m.Untrainable()
		}
		if err := applyNormFlags(c, m); err != nil {
			return err
		}
		note(c, append(m.Notes(), m.PixelNotes()...))
	}
	if len(models) > 0 {
		if err := sameClasses(c, models); err != nil {
			return err
		}
		set, err = readBy(c, models[0], set)
	}
	in.Data = set
	return err
}

// sameClasses refuses models whose classes have other names or another order: a picture reads the
// data once for all.
func sameClasses(c *cli.Context, models []*model.Model) error {
	if c.Bool("by-number") {
		return nil
	}
	first := models[0]
	for _, m := range models[1:] {
		if a, b := first.ClassNames(), m.ClassNames(); !slices.Equal(a, b) {
			return usage("%s has the classes %s, and %s %s: draw them by themselves, or give --by-number if their numbers are the same",
				first.Name, strings.Join(a, ", "), m.Name, strings.Join(b, ", "))
		}
	}
	return nil
}
