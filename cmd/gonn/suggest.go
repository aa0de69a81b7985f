package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/urfave/cli/v2"
	"github.com/xrash/smetrics"
)

// closest is the name that a user may have meant, "" if none is near to what was typed or that is
// a name itself.
func closest(typed string, names []string) string {
	if slices.Contains(names, typed) {
		return ""
	}
	best, most := "", 0.8
	for _, name := range names {
		if s := smetrics.JaroWinkler(strings.ToLower(typed), name, 0.7, 4); s > most {
			best, most = name, s
		}
	}
	return best
}

// didYouMean is what to add to a message about a name that is not known, "" for nothing.
func didYouMean(typed string, names []string, prefix string) string {
	if name := closest(typed, names); name != "" {
		return fmt.Sprintf("; did you mean %s%s?", prefix, name)
	}
	return ""
}

func commandNames(app *cli.App) (names []string) {
	for _, c := range app.Commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}

func flagNames(flags []cli.Flag) (names []string) {
	for _, f := range flags {
		names = append(names, f.Names()...)
	}
	return append(names, "help")
}

// suggested adds to an error about settings the name that one of them may have been meant
// to have.
func suggested(c *cli.Context, e *recipe.SettingError) error {
	for _, f := range settingFlags {
		name := f.flag.Names()[0]
		typed, _, _ := strings.Cut(c.String(name), ":")
		switch {
		case f.names == nil || !c.IsSet(name) || slices.Contains(f.names, typed):
		case e.Setting == name || strings.Contains(e.Err.Error(), typed):
			return fmt.Errorf("%w%s", e.Err, didYouMean(typed, f.names, ""))
		}
	}
	return e.Err
}
