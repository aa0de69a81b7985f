package main

import (
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/plot"
)

// Flags of commands that draw.
var (
	themeFlag = &cli.StringFlag{Name: "theme", Value: plot.Light.Name, DefaultText: plot.Light.Name,
		Usage: "`light|dark|print`: print has 300 dots per inch and lines that differ without colours"}
	widthFlag = &cli.IntFlag{Name: "width", Value: plot.DefaultWidth, Usage: "`N` pixels of 1/96 inch; the height follows from it"}
)

// themeOf is the theme that is asked for. It finds widths that cannot be, too.
func themeOf(c *cli.Context) (*plot.Theme, error) {
	theme, err := plot.ThemeNamed(c.String("theme"))
	if err != nil {
		return nil, usage("--theme: %w", err)
	}
	if w := c.Int("width"); w < plot.MinWidth || w > plot.MaxWidth {
		return nil, usage("--width %d: give a width from %d to %d", w, plot.MinWidth, plot.MaxWidth)
	}
	return theme, nil
}

// drawn reports whether a figure can be written to a path: as PNG or SVG.
func drawn(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".png" || ext == ".svg"
}

// encodeFigure gives a figure as the end of the path says, in the width that is asked for.
func encodeFigure(c *cli.Context, f *plot.Figure, theme *plot.Theme, path string) ([]byte, error) {
	f.Width = c.Int("width")
	if strings.EqualFold(filepath.Ext(path), ".svg") {
		return f.SVG(theme)
	}
	return f.PNG(theme)
}
