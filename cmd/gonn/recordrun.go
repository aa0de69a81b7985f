package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/bundle"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/recorder"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
)

// recordRun repeats the first steps of a run and records them.
func recordRun(c *cli.Context) error {
	if err := noArgs(c); err != nil {
		return err
	}
	dir, out := c.String("run"), c.String("out")
	switch {
	case out == "":
		return usage("record --run needs --out DIR, the folder of the bundle")
	case c.Int("steps") < 1:
		return usage("--steps %d must be 1 or more", c.Int("steps"))
	}
	if err := bundle.CheckFree(out); err != nil { // before the data are read
		return err
	}
	was, err := run.Open(dir)
	if err != nil {
		return err
	}
	s, err := recipe.ReadConfig(filepath.Join(dir, "run.json"))
	if err != nil {
		return err
	}
	if c.IsSet("workers") {
		s.Workers = c.Int("workers")
	}
	t, err := recipe.New(s)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if t.Settings.DataSHA256 != was.Settings.DataSHA256 {
		return fmt.Errorf("%s: the data set %s is not the one that the run began with (SHA-256 %s, was %s)", dir, t.Set.Name, t.Settings.DataSHA256, was.Settings.DataSHA256)
	}
	// A run of its own, which nobody sees: so it trains as runs do.
	own := filepath.Join(filepath.Dir(filepath.Clean(out)), "."+filepath.Base(out)+".training")
	if err := removeLeft(own); err != nil {
		return err
	}
	if err := t.Create(own); err != nil {
		return err
	}
	defer os.RemoveAll(own)
	defer t.Close()
	if t.Settings.NetSHA256 != was.Settings.NetSHA256 {
		return fmt.Errorf("%s: %s is not the network that the run began with", dir, t.Settings.NetPath)
	}
	r := &recorder.Training{Dir: out, Steps: c.Int("steps"), Settings: t.Settings, Version: version()}
	if _, err := t.Run(r); err != nil {
		return err
	}
	if r.Recorded() == 0 {
		return fmt.Errorf("%s: no step was recorded", out)
	}
	_, err = fmt.Fprintf(c.App.Writer, "%s: recorded %s in %s; python gonn_record.py replay %s repeats that, and so does gonn compare %s\n",
		dir, report.Steps(r.Recorded()), out, out, out)
	return err
}

// removeLeft removes the run that a killed recording has left in a folder. It is an error if a
// recording is at work there; what is not a run stays.
func removeLeft(dir string) error {
	s, err := run.Resume(dir, nil)
	if locked := (*run.LockedError)(nil); errors.As(err, &locked) {
		return err
	}
	if err != nil {
		return nil // there is none that has begun: Create takes it or says what it is
	}
	return errors.Join(s.Close(), os.RemoveAll(dir))
}
