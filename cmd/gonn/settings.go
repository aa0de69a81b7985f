package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

func trainFlags() []cli.Flag {
	var flags []cli.Flag
	for _, f := range settingFlags {
		flags = append(flags, f.flag)
	}
	return append(flags,
		configFlag,
		&cli.StringFlag{Name: "run", Usage: "the run folder `DIR` to make, or with --resume to go on with", DefaultText: "runs/prelu-001, …"},
		&cli.BoolFlag{Name: "resume", Usage: "go on with the run of --run, or the newest"},
		newWatchFlag(),
		jsonFlag,
	)
}

// settingsOf are the settings of a new run: those of --config or the defaults, changed by
// the flags.
func settingsOf(c *cli.Context) (s run.Settings, err error) {
	if err := checkTyped(c); err != nil {
		return s, err
	}
	s = recipe.Default()
	if path := c.String("config"); path != "" {
		if s, err = readConfig(c, path); err != nil {
			return s, err
		}
	}
	s.Gonn = version()
	return s, applyFlags(c, &s)
}

// readConfig reads the settings of --config. A weight decay of 0 that means none may stand there if
// a flag chooses another one, or an optimizer without.
func readConfig(c *cli.Context, path string) (run.Settings, error) {
	s, err := recipe.ReadConfig(path)
	chosen := c.IsSet("weight-decay") || c.IsSet("optimizer") && !strings.HasPrefix(c.String("optimizer"), "adamw")
	if errors.Is(err, run.ErrNoDecay) && chosen {
		err = nil
	}
	return s, err
}

// checkTyped refuses flags without a value, such as those of an empty variable of the shell, where
// another thing than nothing must be meant, and semantics that are given twice.
func checkTyped(c *cli.Context) error {
	for _, name := range []string{"act", "config", "data", "loss", "net", "optimizer", "run"} {
		if c.IsSet(name) && c.String(name) == "" {
			return usage("--%s needs a value", name)
		}
	}
	_, own, found := strings.Cut(c.String("optimizer"), ":")
	if c.IsSet("optimizer") && c.IsSet("semantics") && found && own != c.String("semantics") {
		return usage("--optimizer %s and --semantics %s: give the semantics once", c.String("optimizer"), c.String("semantics"))
	}
	return nil
}

// applyFlags sets what the flags that were typed say.
func applyFlags(c *cli.Context, s *run.Settings) error {
	for _, f := range settingFlags {
		if !c.IsSet(f.flag.Names()[0]) {
			continue
		}
		if err := f.set(c, s); err != nil {
			return err
		}
	}
	return nil
}

// changeResumed changes the settings of a run that is resumed: what else it was started
// with defines its result.
func changeResumed(c *cli.Context, s *run.Settings) error {
	resumable := []string{}
	for _, f := range settingFlags {
		if f.resumable {
			resumable = append(resumable, f.flag.Names()[0])
		}
	}
	for _, name := range setFlags(c) {
		if !slices.Contains([]string{"run", "resume", "watch", "json"}, name) && !slices.Contains(resumable, name) {
			return usage("--%s cannot be given with --resume, which takes the run's own settings; only --%s may change", name, strings.Join(resumable, ", --"))
		}
	}
	s.Gonn = version()
	return applyFlags(c, s)
}

// setFlags are the names of the flags that were typed.
func setFlags(c *cli.Context) (names []string) {
	for _, f := range c.Command.Flags {
		if name := f.Names()[0]; c.IsSet(name) {
			names = append(names, name)
		}
	}
	return names
}

// anySetting reports whether a setting was typed.
func anySetting(c *cli.Context) bool {
	return slices.ContainsFunc(settingFlags, func(f settingFlag) bool { return c.IsSet(f.flag.Names()[0]) })
}

// asTyped tells an error about a setting as the user gave it, by a flag or by --config.
func asTyped(c *cli.Context, err error) error {
	var e *recipe.SettingError
	if !errors.As(err, &e) {
		return err
	}
	e = &recipe.SettingError{Setting: e.Setting, Value: e.Value, Err: suggested(c, e)}
	flag := strings.ReplaceAll(e.Setting, "_", "-")
	config := c.String("config")
	switch {
	case config != "" && (flag == "" && !anySetting(c) || flag != "" && !c.IsSet(flag)):
		return exitError{fmt.Errorf("%s: %w", config, e), exitUsage}
	case flag == "":
		return exitError{e, exitUsage}
	case config == "" && !c.IsSet(flag):
		return exitError{e, exitUsage} // a default, which nobody typed
	}
	return exitError{fmt.Errorf("--%w", &recipe.SettingError{Setting: flag, Value: e.Value, Err: e.Err}), exitUsage}
}
