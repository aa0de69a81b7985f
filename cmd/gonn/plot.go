package main

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/plot/kinds"
	"github.com/gonn-toolkit/gonn/train/report"
)

func plotCommand() *cli.Command {
	return &cli.Command{
		Name:      "plot",
		Usage:     "pictures of functions, networks and runs, as PNG or SVG",
		ArgsUsage: "[PICTURE[,PICTURE…] [RUN|MODEL.onnx …] [IMAGE …]]",
		Description: "Without arguments it lists the pictures. Without a run it takes the newest, if the picture\n" +
			"needs one. A sweep stands for its runs.\n\n" + pictureHelp() + "\n" +
			"Examples:\n" +
			"  gonn plot                          what there is\n" +
			"  gonn plot activations\n" +
			"  gonn plot activations --act relu,leaky:-0.5,mish -o three.svg --theme dark\n" +
			"  gonn plot curves                   the newest run\n" +
			"  gonn plot curves runs/relu-001 runs/prelu-001 --metric loss --log\n" +
			"  gonn plot curves,slopes,network runs/prelu-001 -o prelu.png\n" +
			"  gonn plot network model.onnx -o model.dot\n" +
			"  gonn plot maps                     what the newest run answers to a digit and its inverse\n" +
			"  gonn plot saliency model.onnx seven.png --class 1\n" +
			"  gonn plot filters,confusion,mistakes runs/prelu-001 -o prelu.svg",
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write `FILE.png` or FILE.svg; of several pictures each with its name added", DefaultText: "PICTURE.png"},
			themeFlag, widthFlag,
			forceFlag, jsonFlag,
		}, optionFlags(), modelFlags, sampleFlags),
		Action: limited(drawPictures),
	}
}

func drawPictures(c *cli.Context) error {
	if !c.Args().Present() {
		return write(c, pictureList())
	}
	asked, err := picturesAsked(c)
	if err != nil {
		return err
	}
	theme, err := themeOf(c)
	if err != nil {
		return err
	}
	paths, err := picturePaths(c, asked)
	if err != nil {
		return err
	}
	r := &report.Plot{}
	var files []atomicfile.File
	for i, k := range asked {
		p, data, err := drawPicture(c, k, theme, paths[i])
		if errors.As(err, new(kinds.UsageError)) {
			err = exitError{err, exitUsage}
		}
		if err != nil {
			return err
		}
		r.Pictures = append(r.Pictures, p)
		files = append(files, atomicfile.File{Path: paths[i], Data: data})
	}
	if err := writeFiles(c, files...); err != nil {
		return err
	}
	return write(c, r)
}

// drawPicture makes the content of a file and says what it is.
func drawPicture(c *cli.Context, k *kinds.Kind, theme *plot.Theme, path string) (report.Picture, []byte, error) {
	p := report.Picture{Kind: k.Name, File: path}
	in, err := pictureInput(c, k)
	if err != nil {
		return p, nil, err
	}
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
	data, err := encodeFigure(c, f, theme, path)
	p.Bytes = len(data)
	if ext == ".png" {
		p.Width, p.Height = f.Pixels(theme)
	}
	return p, data, err
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
