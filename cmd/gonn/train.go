package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/progress"
	"github.com/gonn-toolkit/gonn/train/run"
)

func trainCommand() *cli.Command {
	return &cli.Command{
		Name:  "train",
		Usage: "train a network and keep it in a run folder",
		Description: "The defaults are those of the study: two convolutions and a dense layer on MNIST and\n" +
			"its inverse, Adam in Keras's form, PReLU with one slope an element starting at 0.\n\n" +
			actHelp() + "\n" + lossHelp() + "\n" + scheduleHelp() + "\n" + augmentHelp() + "\n" +
			"Examples:\n" +
			"  gonn train --act prelu\n" +
			"  gonn train --act leaky:-0.5 --epochs 1 --limit 6000\n" +
			"  gonn train --optimizer adamw --schedule cosine --warmup 500steps --clip-norm 1\n" +
			"  gonn train --act prelu:channel --semantics pytorch --run runs/torch-like\n" +
			"  gonn train --loss cross-entropy:0.1 --class-weights balanced\n" +
			"  gonn train --data ./cifar-10-batches-bin --normalize auto --augment crop:4,flip\n" +
			"  gonn train --resume --run runs/torch-like --epochs 10\n" +
			"  gonn train --net model.onnx --lr 0.0001 --epochs 1",
		Flags:  trainFlags(),
		Action: trainNetwork,
	}
}

func trainNetwork(c *cli.Context) error {
	if err := noArgs(c); err != nil {
		return err
	}
	s, set, err := beginTraining(c)
	if s != nil {
		defer s.Close()
	}
	if err != nil {
		return err
	}
	if err := s.Unlocked(); err != nil {
		fmt.Fprintf(c.App.ErrWriter, "warning: %s is not locked (%v): do not train it in two processes at once\n", s.Dir, err)
	}
	fitData, val, err := trainingViews(set, s.Settings)
	if err != nil {
		return err
	}
	w := c.App.Writer
	printLayers(w, s.Network)
	fmt.Fprintf(w, "\n%s: %s\n%d training samples of %s, batches of %d, %s (%s), lr %s, seed %d%s\n\n",
		s.Dir, describeNet(s.Settings), fitData.Len(), set.Name, s.Settings.Batch,
		s.Settings.Optimizer, s.Settings.Semantics, s.Settings.Rate(), s.Settings.Seed, describeInput(s.Settings))

	signals := catchSignals(c.Context)
	defer signals.release()
	cfg := s.Config()
	cfg.Validation = val
	cfg.Callbacks = append(cfg.Callbacks, train.Interrupt(signals.ctx), progress.New(c.App.ErrWriter))
	history, err := train.Fit(s.Network, fitData, cfg)
	if err != nil {
		return fmt.Errorf("%s: %w; its last checkpoint is kept", s.Dir, err)
	}
	if code := signals.code(); code != 0 {
		p := history.Position
		return exitError{fmt.Errorf("stopped after epoch %d, step %d; go on with gonn train --resume --run %s", p.Epoch, p.Step, s.Dir), code}
	}
	if history.Stopped != "" {
		fmt.Fprintf(w, "stopped early: %s\n", history.Stopped)
	}
	return finishTraining(c, s, set)
}

// beginTraining makes the session that the flags ask for, new or resumed, and opens
// its data. A session that comes with an error is to be closed too.
func beginTraining(c *cli.Context) (*run.Session, *data.Set, error) {
	begin := newTraining
	if c.Bool("resume") {
		begin = resumeTraining
	}
	s, set, err := begin(c)
	if err != nil {
		return s, nil, err
	}
	_, err = run.SetLatest(runsRoot, s.Dir)
	return s, set, err
}

func newTraining(c *cli.Context) (*run.Session, *data.Set, error) {
	settings, err := settingsOf(c)
	if err != nil {
		return nil, nil, err
	}
	set, err := openData(settings.Data+settings.DataPath, settings.Limit)
	if err != nil {
		return nil, nil, err
	}
	settings.DataSHA256, settings.ClassNames = set.SHA256, set.ClassNames.String()
	if err := resolveNormalize(&settings, set); err != nil {
		return nil, nil, err
	}
	fitData, _, err := trainingViews(set, settings)
	if err != nil {
		return nil, nil, exitError{err, exitUsage}
	}
	if settings.ClassWeights, err = classWeights(settings.ClassWeights, fitData); err != nil {
		return nil, nil, err
	}
	net, err := buildNetwork(settings, set.Train)
	if err != nil {
		return nil, nil, err
	}
	dir, err := makeRunDir(c, stemOf(settings))
	if err != nil {
		return nil, nil, err
	}
	s, err := run.Create(dir, settings, net)
	return s, set, err
}

func resumeTraining(c *cli.Context) (*run.Session, *data.Set, error) {
	dir := c.String("run")
	if dir == "" {
		var err error
		if dir, err = run.Latest(runsRoot); err != nil {
			return nil, nil, err
		}
	}
	s, err := run.Resume(dir, func(settings *run.Settings) error { return applyFlags(c, settings) })
	if err != nil {
		return nil, nil, err
	}
	set, err := openData(s.Settings.Data+s.Settings.DataPath, s.Settings.Limit)
	if err != nil {
		return s, nil, err
	}
	if set.SHA256 != s.Settings.DataSHA256 {
		return s, nil, fmt.Errorf("%s: the data set %s is not the one that the run began with (SHA-256 %s, was %s)",
			dir, set.Name, set.SHA256, s.Settings.DataSHA256)
	}
	return s, set, nil
}

// makeRunDir is the folder of --run, or a new one below runs.
func makeRunDir(c *cli.Context, stem string) (string, error) {
	if dir := c.String("run"); dir != "" {
		return dir, nil
	}
	return run.Next(runsRoot, stem)
}

func splitData(set *data.Set, s run.Settings) (fit, val nn.Samples, err error) {
	if s.Val == 0 {
		return set.Train, nil, nil
	}
	a, b, err := data.Split(set.Train, s.Val, s.Seed)
	if err != nil {
		return nil, nil, fmt.Errorf("--val: %w", err)
	}
	return a, b, nil
}

// finishTraining measures the trained network and says what to do next.
func finishTraining(c *cli.Context, s *run.Session, set *data.Set) error {
	src, err := openRun(s.Dir)
	if err != nil {
		return err
	}
	loss, err := src.Loss()
	if err != nil {
		return err
	}
	var scores [2]run.Score
	for i, samples := range []nn.Samples{set.Train, set.Test} {
		if samples, err = asRead(c, src, samples); err != nil {
			return err
		}
		st, err := evaluate(src, samples, loss, s.Settings.Workers)
		if err != nil {
			return err
		}
		scores[i] = run.ScoreOf(st)
	}
	if err := s.Finish(run.Result{Train: scores[0], Test: scores[1]}); err != nil {
		return err
	}
	w := c.App.Writer
	for i, name := range []string{"train", "test "} {
		fmt.Fprintf(w, "%s  loss %.4f  accuracy %.4f  (%d samples)\n", name, scores[i].Loss, scores[i].Accuracy, scores[i].Samples)
	}
	printSlopes(w, src.Net)
	printNext(w, s.Dir)
	return nil
}

func printNext(w io.Writer, dir string) {
	where := "" // commands take the newest run of runs by themselves
	if latest, err := run.Latest(runsRoot); err != nil || filepath.Clean(latest) != filepath.Clean(dir) {
		where = " --run " + dir
	}
	fmt.Fprintf(w, "\nThe run is in %s. Next:\n"+
		"  gonn inspect%s                 layers and slopes (--json for every value)\n"+
		"  gonn export model.onnx%s       the network as ONNX\n"+
		"  gonn predict%s %s\n", dir, where, where, where, filepath.Join("testdata", "digits", "7.png"))
}
