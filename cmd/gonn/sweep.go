package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/progress"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/shell"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

func sweepCommand() *cli.Command {
	return &cli.Command{
		Name:      "sweep",
		Usage:     "train every combination of several settings with several seeds, and compare them",
		ArgsUsage: "[NAME]",
		Description: "Settings are those of gonn train, whose help lists losses, schedules, changes of --augment\n" +
			"and metrics. One with several values is swept: give its flag several\n" +
			"times, or a list with commas. In a list, what begins with no letter is another argument of\n" +
			"the name before it: --act leaky:-1,-0.5,0,prelu is leaky:-1, leaky:-0.5, leaky:0 and prelu.\n" +
			"Where a comma has a meaning or may be part of a path (augment, class-weights, metrics,\n" +
			"normalize, schedule, warmup, data, net) a flag takes one value each time.\n\n" +
			"Each training is a run in the sweep's folder. The same command again, or --resume, goes on\n" +
			"with what is not finished, and gives the same results as if nothing had stopped it; data that\n" +
			"have moved are named with --resume and --data. More values and seeds may be added. A training\n" +
			"that diverges has failed; the others go on, and the exit code is 1.\n\n" +
			"The result is a table over seeds: means with 95 % confidence intervals, 95 % prediction\n" +
			"intervals of one run, and t-tests of all pairs, paired by seed, with Holm's correction. If\n" +
			"samples are held out by --val, it has the last epoch and the one with the lowest loss on\n" +
			"them. Nothing is chosen by test data. Losses and accuracies of the training set are of the\n" +
			"network after training, on all of the set.\n\n" +
			"gonn sweep study repeats the study: its network and activations, swish and mish, 5 epochs,\n" +
			"Adam at 0.001, batches of 128, a tenth of the training set held out; beside its published\n" +
			"results. Flags change its settings.\n\n" +
			"As many trainings as there are processors go on at the same time, if memory allows, each with\n" +
			"one worker, which never waits for another. --jobs and --workers change that, and no result.\n\n" +
			actHelp() + "\n" +
			"Examples:\n" +
			"  gonn sweep study --seeds 10\n" +
			"  gonn sweep --act leaky:-1,-0.5,0,0.5,1 --act prelu --act swish,mish --seeds 5 --val 0.1\n" +
			"  gonn sweep rates --act relu --lr 0.001,0.0003 --batch 32,128 --epochs 2\n" +
			"  gonn sweep --optimizer sgd --momentum 0.9 --nesterov=true,false --seeds 3,7,9\n" +
			"  gonn sweep --resume sweeps/study --csv study.csv\n" +
			"  gonn sweep --resume sweeps/study --beside testdata/ref/study_torch.json",
		Flags:  sweepFlags(),
		Action: runSweep,
	}
}

func sweepFlags() []cli.Flag {
	var flags []cli.Flag
	for _, f := range settingFlags {
		switch name := f.flag.Names()[0]; name {
		case "seed", "workers":
		default:
			flags = append(flags, listFlag(f.flag))
		}
	}
	return append(flags,
		&cli.StringFlag{Name: "seeds", Usage: "`N` for the seeds 1 to N, a list 3,7,9, or a range 11-20", Value: defaultSeeds, DefaultText: defaultSeeds},
		configFlag,
		&cli.StringFlag{Name: "dir", Usage: "the sweep's folder `DIR`", DefaultText: "sweeps/NAME, without NAME named after what is swept"},
		&cli.StringFlag{Name: "resume", Usage: "go on with the sweep in the folder `DIR` as it was begun"},
		&cli.IntFlag{Name: "jobs", Usage: "`N` trainings at the same time", DefaultText: "one a processor, as far as memory allows"},
		&cli.IntFlag{Name: "workers", Usage: "`N` goroutines for each training; the result is the same for any number", DefaultText: "processors shared out"},
		&cli.StringFlag{Name: "csv", Usage: "write the table to `FILE.csv` too"},
		besideFlag(),
		forceFlag, jsonFlag,
	)
}

func runSweep(c *cli.Context) (err error) {
	if err := checkSweepFlags(c); err != nil {
		return err
	}
	peers, err := besideOf(c)
	if err != nil {
		return err
	}
	s, err := openSweep(c)
	if err != nil {
		return asSwept(c, err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Unlocked(); err != nil {
		note(c, []string{fmt.Sprintf("%s is not locked, let no other process train it: %v", s.Dir, err)})
	}
	if err := trainCells(c, s); err != nil {
		return err
	}
	r, err := report.SweepOf(s.Sweep, peers...)
	if err != nil {
		return err
	}
	if path := c.String("csv"); path != "" {
		if err := writeFiles(c, atomicfile.File{Path: path, Data: r.CSV()}); err != nil {
			return err
		}
	}
	if err := write(c, r); err != nil {
		return fmt.Errorf("%w; the sweep has ended and is saved in %s", err, s.Dir)
	}
	return failedCells(s.Sweep)
}

// checkSweepFlags finds what was typed wrong before anything is trained.
func checkSweepFlags(c *cli.Context) error {
	for _, name := range []string{"jobs", "workers"} {
		if c.IsSet(name) && c.Int(name) < 1 {
			return usage("--%s %d: need 1 or more", name, c.Int(name))
		}
	}
	if path := c.String("csv"); path != "" {
		return checkOutputs(c, path)
	}
	return nil
}

// openSweep begins the sweep of the flags, or resumes one.
func openSweep(c *cli.Context) (*sweep.Session, error) {
	name, err := oneArg(c, "name")
	if err != nil {
		return nil, err
	}
	var s *sweep.Session
	if dir := c.String("resume"); dir != "" {
		if err := checkResumed(c, name); err != nil {
			return nil, err
		}
		var moved string
		if data := listed(c, "data"); len(data) > 0 {
			moved = data[0]
		}
		s, err = sweep.Resume(dir, moved)
	} else {
		var g sweep.Grid
		if g, err = gridOf(c, name); err != nil {
			return nil, err
		}
		if dir, err = sweepDir(c, name, g); err != nil {
			return nil, err
		}
		if meant := didYouMean(name, []string{sweep.Study}, "gonn sweep "); meant != "" {
			note(c, []string{name + " is a sweep of the settings given here" + meant})
		}
		s, err = sweep.Begin(dir, g)
	}
	if err != nil {
		return nil, err
	}
	s.Gonn = version()
	return s, nil
}

// checkResumed refuses what would change a sweep that is resumed.
func checkResumed(c *cli.Context, name string) error {
	if name != "" {
		return usage("--resume %s goes on with that sweep; leave out %q", c.String("resume"), name)
	}
	for _, flag := range setFlags(c) {
		switch flag {
		case "resume", "jobs", "workers", "csv", "beside", "force", "json":
		case "data":
			if data := listed(c, "data"); len(data) > 1 {
				return usage("--data: with --resume give the one place to which the data have moved, not %d", len(data))
			}
		default:
			return usage("--%s cannot be given with --resume, which takes the sweep's own grid; to add values or seeds, give the whole grid with --dir %s", flag, shell.Word(c.String("resume")))
		}
	}
	return nil
}

// trainCells trains what is not finished. It shows how that goes on stderr.
func trainCells(c *cli.Context, s *sweep.Session) error {
	o := sweep.Options{Jobs: c.Int("jobs"), Workers: c.Int("workers")}
	cells := followCells(c, s, &o)
	signals := catchSignals(c.Context)
	defer signals.release()
	err := s.Run(signals.ctx, o)
	cells.Clear()
	if code := signals.code(); code != 0 && errors.Is(err, context.Canceled) {
		return exitError{fmt.Errorf("stopped with %d of %d cells finished; go on with gonn sweep --resume %s", s.Count(sweep.Finished), s.Cells(), shell.Word(s.Dir)), code}
	}
	if err != nil {
		return fmt.Errorf("%w; go on with gonn sweep --resume %s", err, shell.Word(s.Dir))
	}
	return nil
}

// followCells has a sweep's trainings shown on stderr.
func followCells(c *cli.Context, s *sweep.Session, o *sweep.Options) *progress.Cells {
	all := len(s.Chosen())
	done := all - len(s.Todo())
	if done < all {
		o.Jobs, o.Workers = s.Plan(*o)
		fmt.Fprintf(c.App.ErrWriter, "%s: %d of %d cells to train, %d at a time, workers for each: %d\n", printable(s.Dir), all-done, all, o.Jobs, o.Workers)
	}
	cells := progress.NewCells(c.App.ErrWriter, done, all)
	o.Callbacks = func(cell *sweep.Cell) []train.Callback { return []train.Callback{cells.Follow(cell.Name)} }
	o.Ended = func(cell *sweep.Cell) { cells.End(cell.Name, cellLine(cell)) }
	o.Note = func(text string) { cells.Around(func() { note(c, []string{text}) }) }
	return cells
}

// cellLine says what has become of a cell.
func cellLine(c *sweep.Cell) string {
	if c.State == sweep.Failed {
		return "failed: " + c.Failure
	}
	text := fmt.Sprintf("test loss %.4f acc %.4f", c.Result.Test.Loss, c.Result.Test.Accuracy)
	if c.Result.Best != nil {
		text += fmt.Sprintf("  best epoch %d", c.Result.Best.Epoch)
	}
	return text
}

// failedCells is an error if cells have failed.
func failedCells(s *sweep.Sweep) error {
	var failed []string
	for _, c := range s.Combinations {
		for _, cell := range c.Cells {
			if cell.State == sweep.Failed {
				failed = append(failed, cell.Name)
			}
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d cells failed, the report says why: %s", len(failed), s.Cells(), strings.Join(failed, "; "))
}
