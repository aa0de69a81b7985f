package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/progress"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/report/table"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/shell"
)

func trainCommand() *cli.Command {
	return &cli.Command{
		Name:  "train",
		Usage: "train a network and keep it in a run folder",
		Description: "The defaults are those of the study: two convolutions and a dense layer on MNIST and\n" +
			"its inverse, Adam in Keras's form, PReLU with one slope an element starting at 0. That run\n" +
			"fits in 512 MiB of memory. Others with this data and batch take at most twice what gonn\n" +
			"inspect estimates for training, and 160 MiB.\n\n" +
			actHelp() + "\n" + lossHelp() + "\n" + scheduleHelp() + "\n" + augmentHelp() + "\n" + metricHelp() + "\n" +
			"Examples:\n" +
			"  gonn train --act prelu\n" +
			"  gonn train --act leaky:-0.5 --epochs 1 --limit 6000\n" +
			"  gonn train --optimizer adamw --schedule cosine --warmup 500steps\n" +
			"  gonn train --act prelu:channel --semantics pytorch --run runs/torch-like\n" +
			"  gonn train --loss cross-entropy:0.1 --class-weights balanced\n" +
			"  gonn train --data ./cifar-10 --normalize auto --augment crop:4,flip\n" +
			"  gonn train --net resnet20 --act relu --fast-conv\n" +
			"  gonn train --act relu --metrics dead,grad-norm\n" +
			"  gonn train --act prelu --tensorboard   then: tensorboard --logdir runs\n" +
			"  gonn train --epochs 20 --val 0.1 --watch\n" +
			"  gonn train --resume --run runs/torch-like --epochs 10\n" +
			"  gonn train --net model.onnx --lr 0.0001 --epochs 1\n" +
			"  gonn train --config runs/torch-like/run.json --seed 2",
		Flags:  trainFlags(),
		Action: trainNetwork,
	}
}

func trainNetwork(c *cli.Context) (err error) {
	if err := noTrainArgs(c); err != nil {
		return err
	}
	page, err := newWatch(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, page.close(err)) }()
	begin := newTraining
	if c.Bool("resume") {
		begin = resumeTraining
	}
	t, err := begin(c)
	if err != nil {
		return asTyped(c, err)
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	note(c, t.Notes)
	dir := t.Session.Dir
	if _, err := run.SetLatest(runsRoot, dir); err != nil {
		return err
	}
	if err := t.Session.Unlocked(); err != nil {
		note(c, []string{fmt.Sprintf("%s is not locked, let no other process train it: %v", dir, err)})
	}
	if err := printStart(c, t); err != nil {
		return fmt.Errorf("%w; nothing is trained yet: go on with gonn train --resume --run %s", err, shell.Word(dir))
	}
	signals := catchSignals(c.Context)
	defer signals.release()
	callbacks := []train.Callback{train.Interrupt(signals.ctx), progress.New(c.App.ErrWriter)}
	history, err := t.Run(append(callbacks, page.callbacks(c, t)...)...)
	if err != nil {
		return err
	}
	if code := signals.code(); code != 0 {
		p := history.Position
		return exitError{fmt.Errorf("stopped after epoch %d, step %d; go on with gonn train --resume --run %s", p.Epoch, p.Step, shell.Word(dir)), code}
	}
	signals.release() // everything is saved: from here on a signal ends the process at once
	m, result, err := t.Finish()
	if err != nil {
		return err
	}
	page.results(result)
	if err := write(c, report.TrainingOf(t, history, m.Net, result)); err != nil {
		return fmt.Errorf("%w; the training has ended and is saved in %s", err, dir)
	}
	if !c.Bool("json") {
		printNext(c.App.Writer, dir, t.Settings.TensorBoard)
	}
	return nil
}

func newTraining(c *cli.Context) (*recipe.Training, error) {
	settings, err := settingsOf(c)
	if err != nil {
		return nil, err
	}
	t, err := recipe.New(settings)
	if err != nil {
		return nil, err
	}
	return t, makeRun(c, t.Stem(), t.Create)
}

func resumeTraining(c *cli.Context) (*recipe.Training, error) {
	dir := c.String("run")
	if dir == "" {
		var err error
		if dir, err = run.Latest(runsRoot); err != nil {
			return nil, err
		}
	}
	return recipe.Resume(dir, func(s *run.Settings) error { return changeResumed(c, s) })
}

// makeRun creates a run in the folder of --run, or in a new one below runs.
func makeRun(c *cli.Context, stem string, create func(dir string) error) error {
	if dir := c.String("run"); dir != "" {
		if filepath.Clean(dir) == runsRoot {
			return usage("--run %s: that is the folder of all runs; give %s", dir, filepath.Join(runsRoot, "NAME"))
		}
		return create(dir)
	}
	dir, err := run.Next(runsRoot, stem)
	if err != nil {
		return err
	}
	if err := create(dir); err != nil {
		os.Remove(dir) // if it is still empty
		return err
	}
	return nil
}

// printStart tells people what is about to be trained. With --json it goes with the rest.
func printStart(c *cli.Context, t *recipe.Training) error {
	if c.Bool("json") {
		return nil
	}
	return report.WriteText(c.App.Writer, report.StartOf(t))
}

// printNext tells what to do with the run. Commands take the newest run of runs by
// themselves.
func printNext(w io.Writer, dir string, events bool) {
	where := ""
	if latest, err := run.Latest(runsRoot); err != nil || filepath.Clean(latest) != filepath.Clean(dir) {
		where = " --run " + shell.Word(dir)
	}
	picture := filepath.Join("testdata", "digits", "7.png")
	if _, err := os.Stat(picture); err != nil {
		picture = "PICTURE.png"
	}
	fmt.Fprintf(w, "\nThe run is in %s. Next:\n", table.Printable(dir))
	next := table.New(table.Column{}, table.Column{}, table.Column{})
	next.Row("", "gonn inspect"+where, "layers and slopes (--json for every value)")
	next.Row("", "gonn export model.onnx"+where, "the network as ONNX")
	next.Row("", "gonn predict"+where+" "+picture, "what it takes a picture for")
	if events {
		next.Row("", "tensorboard --logdir "+shell.Word(filepath.Dir(dir)), "curves, histograms, settings of all runs")
	}
	next.Write(w, 0) // execute sees the writer's errors
}
