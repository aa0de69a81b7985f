package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/plot/kinds"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
)

func plotCommand() *cli.Command {
	return &cli.Command{
		Name:      "plot",
		Usage:     "pictures of functions, networks and runs, as PNG or SVG",
		ArgsUsage: "[PICTURE[,PICTURE…] [RUN|MODEL.onnx …]]",
		Description: "Without arguments it lists the pictures. Without a run it takes the newest, if the picture\n" +
			"needs one. A sweep stands for its runs.\n\n" + pictureHelp() + "\n" +
			"Examples:\n" +
			"  gonn plot                          what there is\n" +
			"  gonn plot activations\n" +
			"  gonn plot activations --act relu,leaky:-0.5,mish -o three.svg --theme dark\n" +
			"  gonn plot curves                   the newest run\n" +
			"  gonn plot curves runs/relu-001 runs/prelu-001 --metric loss --log\n" +
			"  gonn plot curves,slopes,network runs/prelu-001 -o prelu.png\n" +
			"  gonn plot network model.onnx -o model.dot",
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write `FILE.png` or FILE.svg; of several pictures each with its name added", DefaultText: "PICTURE.png"},
			&cli.StringFlag{Name: "theme", Value: plot.Light.Name, Usage: "`light|dark|print`: print has 300 dots per inch and lines that differ without colours", DefaultText: plot.Light.Name},
			&cli.IntFlag{Name: "width", Value: plot.DefaultWidth, Usage: "`N` pixels of 1/96 inch; the height follows from it"},
			forceFlag, jsonFlag,
		}, optionFlags(), modelFlags, sampleFlags),
		Action: limited(drawPictures),
	}
}

// modelFlags are for pictures of models, sampleFlags for those that run them on data.
var (
	modelFlags  = []cli.Flag{sizeFlag}
	sampleFlags = slices.Concat(dataFlags, []cli.Flag{byNumberFlag, layoutFlag, workersFlag}, evaluatorFlags)
)

// pictureHelp lists the pictures.
func pictureHelp() string {
	var b strings.Builder
	b.WriteString("Pictures:\n")
	for _, k := range kinds.Table {
		fmt.Fprintf(&b, "  %-30s %s\n", strings.TrimSpace(k.Name+" "+k.TakesText()), k.Usage)
	}
	return b.String()
}

// optionFlags are the flags of the table of pictures.
func optionFlags() []cli.Flag {
	var flags []cli.Flag
	seen := map[string]bool{}
	for _, k := range kinds.Table {
		for _, o := range k.Options {
			text := strings.Join(kinds.With(o.Name), ", ") + ": " + o.Usage
			switch {
			case seen[o.Name]:
			case o.Bool:
				flags = append(flags, &cli.BoolFlag{Name: o.Name, Usage: text})
			default:
				flags = append(flags, &cli.StringFlag{Name: o.Name, Usage: text})
			}
			seen[o.Name] = true
		}
	}
	return flags
}

func drawPictures(c *cli.Context) error {
	if !c.Args().Present() {
		return write(c, pictureList())
	}
	asked, err := picturesAsked(c)
	if err != nil {
		return err
	}
	theme, err := plot.ThemeNamed(c.String("theme"))
	if err != nil {
		return usage("--theme: %w", err)
	}
	if w := c.Int("width"); w < plot.MinWidth || w > plot.MaxWidth {
		return usage("--width %d: give a width from %d to %d", w, plot.MinWidth, plot.MaxWidth)
	}
	paths, err := picturePaths(c, asked)
	if err != nil {
		return err
	}
	r := &report.Plot{}
	var files []atomicfile.File
	for i, k := range asked {
		path := paths[i]
		in, err := pictureInput(c, k)
		if err != nil {
			return err
		}
		p, data, err := drawPicture(c, k, in, theme, path)
		if errors.As(err, new(kinds.UsageError)) {
			err = exitError{err, exitUsage}
		}
		if err != nil {
			return err
		}
		r.Pictures = append(r.Pictures, p)
		files = append(files, atomicfile.File{Path: path, Data: data})
	}
	if err := writeFiles(c, files...); err != nil {
		return err
	}
	return write(c, r)
}

func pictureList() *report.PlotKinds {
	r := &report.PlotKinds{}
	for _, k := range kinds.Table {
		row := report.PlotKind{Kind: k.Name, Takes: k.TakesText(), Usage: k.Usage}
		for _, o := range k.Options {
			row.Options = append(row.Options, o.Name)
		}
		r.Kinds = append(r.Kinds, row)
	}
	return r
}

// picturesAsked are the kinds of the first argument. Each option that is given must be one of
// theirs.
func picturesAsked(c *cli.Context) ([]*kinds.Kind, error) {
	var asked []*kinds.Kind
	for name := range strings.SplitSeq(c.Args().First(), ",") {
		k, err := kinds.Find(name)
		if err != nil {
			return nil, usage("%w%s", err, didYouMean(name, kinds.Names(), ""))
		}
		if slices.Contains(asked, k) {
			return nil, usage("%s: %s is there twice", c.Args().First(), name)
		}
		asked = append(asked, k)
	}
	for _, k := range kinds.Table {
		for _, o := range k.Options {
			if c.IsSet(o.Name) && !slices.ContainsFunc(asked, func(k *kinds.Kind) bool { return k.Has(o.Name) }) {
				return nil, usage("--%s is not for %s: it is for %s", o.Name, c.Args().First(), strings.Join(kinds.With(o.Name), ", "))
			}
		}
	}
	if err := notFor(c, asked, modelFlags, "models", func(k *kinds.Kind) bool { return k.Takes == kinds.Models }); err != nil {
		return nil, err
	}
	if err := notFor(c, asked, sampleFlags, "data", func(k *kinds.Kind) bool { return k.Data }); err != nil {
		return nil, err
	}
	return asked, nil
}

// notFor is an error if a flag is given that none of the pictures reads.
func notFor(c *cli.Context, asked []*kinds.Kind, flags []cli.Flag, what string, reads func(*kinds.Kind) bool) error {
	for _, f := range flags {
		if name := f.Names()[0]; c.IsSet(name) && !slices.ContainsFunc(asked, reads) {
			return usage("--%s is for pictures of %s, not for %s", name, what, c.Args().First())
		}
	}
	return nil
}

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

// drawPicture makes the content of a file and says what it is.
func drawPicture(c *cli.Context, k *kinds.Kind, in *kinds.Input, theme *plot.Theme, path string) (report.Picture, []byte, error) {
	p := report.Picture{Kind: k.Name, File: path}
	for _, s := range in.Sources {
		p.Of = append(p.Of, s.Name)
	}
	ext := strings.ToLower(filepath.Ext(path))
	if write, ok := k.Formats[ext]; ok {
		data, err := write(in)
		p.Bytes = len(data)
		return p, data, err
	}
	f, err := k.Draw(in)
	if err != nil {
		return p, nil, err
	}
	f.Width = c.Int("width")
	encode := f.PNG
	if ext == ".svg" {
		encode = f.SVG
	}
	data, err := encode(theme)
	p.Bytes = len(data)
	p.Width, p.Height = f.Pixels(theme)
	return p, data, err
}
