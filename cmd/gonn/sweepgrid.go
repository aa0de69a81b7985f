package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/shell"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// sweepsRoot is the folder of sweeps that are given no other.
const sweepsRoot = "sweeps"

// defaultSeeds are enough for intervals, not for narrow ones.
const defaultSeeds = "3"

// gridOf is the grid of a new sweep: that of the study or the default settings, changed by the
// flags. A setting with several values becomes an axis, and the activation does with one too, so
// that others may be added.
func gridOf(c *cli.Context, name string) (g sweep.Grid, err error) {
	g.Settings = recipe.Default()
	if name == sweep.Study {
		g = sweep.StudyGrid()
	}
	if path := c.String("config"); path != "" {
		if name == sweep.Study {
			return g, usage("--config %s: the study has settings of its own; leave out one of them", path)
		}
		if g.Settings, err = readConfig(c, path); err != nil {
			return g, err
		}
	}
	if g.Seeds, err = sweep.ParseSeeds(c.String("seeds")); err != nil {
		return g, usage("--seeds %s: %w", c.String("seeds"), err)
	}
	for _, f := range settingFlags {
		flag := f.flag.Names()[0]
		var values []string
		for _, text := range listed(c, flag) {
			more, err := sweep.Split(strings.ReplaceAll(flag, "-", "_"), text)
			if err != nil {
				return g, err
			}
			values = append(values, more...)
		}
		if err := give(&g, strings.ReplaceAll(flag, "-", "_"), values); err != nil {
			return g, err
		}
	}
	if len(g.Axes) == 0 && !c.IsSet("seeds") {
		return g, usage("nothing is swept: give a setting several values, as in --act relu,prelu, or several --seeds; gonn sweep study repeats the study")
	}
	return g, checkWeightDecay(c, g)
}

// give gives a setting of a grid the values that were typed, if any were.
func give(g *sweep.Grid, setting string, values []string) error {
	if len(values) == 0 {
		return nil
	}
	g.Axes = slices.DeleteFunc(g.Axes, func(a sweep.Axis) bool { return a.Setting == setting })
	if len(values) > 1 || setting == "act" {
		g.Axes = append(g.Axes, sweep.Axis{Setting: setting, Values: values})
		return nil
	}
	return sweep.Set(&g.Settings, setting, values[0])
}

// checkWeightDecay refuses a weight decay of 0 that would become the default of one of several
// optimizers.
func checkWeightDecay(c *cli.Context, g sweep.Grid) error {
	zero := slices.ContainsFunc(listed(c, "weight-decay"), func(text string) bool {
		v, err := strconv.ParseFloat(text, 64)
		return err == nil && v == 0
	})
	if !zero {
		return nil
	}
	for _, a := range g.Axes {
		for _, v := range a.Values {
			s := g.Settings
			if a.Setting != "optimizer" || sweep.Set(&s, a.Setting, v) != nil {
				continue
			}
			if err := sweep.Set(&s, "weight_decay", "0"); err != nil {
				return err
			}
		}
	}
	return nil
}

// sweepDir is the folder of a sweep: that of --dir, else one below sweeps with its name or those
// of its axes.
func sweepDir(c *cli.Context, name string, g sweep.Grid) (string, error) {
	if dir := c.String("dir"); dir != "" {
		return dir, nil
	}
	if name == "" {
		var axes []string
		for _, a := range g.Axes {
			axes = append(axes, strings.ReplaceAll(a.Setting, "_", "-"))
		}
		if name = strings.Join(axes, "-"); name == "" {
			name = "seeds"
		}
	}
	if name == "." || !filepath.IsLocal(name) || strings.ContainsAny(name, `/\:`) {
		return "", usage("%q cannot be the name of a sweep: give its folder by --dir", name)
	}
	return filepath.Join(sweepsRoot, name), nil
}

// asSwept tells an error about a setting as the user gave it, and what to do about a grid that
// differs.
func asSwept(c *cli.Context, err error) error {
	var e *recipe.SettingError
	var other *sweep.GridError
	switch {
	case errors.As(err, &other):
		return usage("%s is a sweep over another grid: %w; more values and seeds may be added; choose another folder by --dir, or go on with it by gonn sweep --resume %s",
			other.Dir, other.Err, shell.Word(other.Dir))
	case !errors.As(err, &e):
		return err
	}
	flag := strings.ReplaceAll(e.Setting, "_", "-")
	i := slices.IndexFunc(settingFlags, func(f settingFlag) bool { return f.flag.Names()[0] == flag })
	if i < 0 || len(listed(c, flag)) == 0 {
		return exitError{err, exitUsage}
	}
	name, _, _ := strings.Cut(e.Value, ":")
	if name == "" {
		name, _, _ = strings.Cut(firstQuoted(e.Err.Error()), ":")
	}
	hint := ""
	if names := settingFlags[i].names; !slices.Contains(names, name) {
		hint = didYouMean(name, names, "")
	}
	return exitError{fmt.Errorf("--%w%s", &recipe.SettingError{Setting: flag, Value: e.Value, Err: e.Err}, hint), exitUsage}
}

// firstQuoted is the first text in quotation marks of a message, "" if there is none.
func firstQuoted(text string) string {
	_, text, _ = strings.Cut(text, `"`)
	text, _, _ = strings.Cut(text, `"`)
	return text
}
