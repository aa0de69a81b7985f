package main

import (
	"fmt"
	"strconv"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/live"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
)

// port is the value of --watch or --watch=8080.
type port struct{ number int }

// IsBoolFlag lets the flag stand alone.
func (*port) IsBoolFlag() bool { return true }

// Set reads a port; the flag package gives "true" for a flag alone.
func (p *port) Set(text string) error {
	p.number = 0
	if text == "true" {
		return nil
	}
	n, err := strconv.ParseUint(text, 10, 16)
	p.number = int(n)
	return err
}

func (p *port) String() string { return "" }

func newWatchFlag() cli.Flag {
	return optionalFlag{&cli.GenericFlag{Name: "watch", Value: &port{}, Usage: fmt.Sprintf(
		"show the training in a browser, on a page of this machine; --watch=PORT chooses where, else %d or a port that is free", live.DefaultPort)}}
}

// noTrainArgs refuses arguments, such as a port that stands apart from its flag.
func noTrainArgs(c *cli.Context) error {
	arg := c.Args().First()
	if _, err := strconv.ParseUint(arg, 10, 16); err == nil && c.IsSet("watch") {
		return usage("train takes no argument, got %q: a port is written --watch=%s", arg, arg)
	}
	return noArgs(c)
}

// watch is the page of --watch; without the flag it does nothing.
type watch struct{ server *live.Server }

// newWatch starts the page, before anything of a run is written.
func newWatch(c *cli.Context) (*watch, error) {
	if !c.IsSet("watch") {
		return &watch{}, nil
	}
	p := c.Generic("watch").(*port).number
	server, err := live.Listen(p)
	if err != nil {
		return nil, fmt.Errorf("--watch=%d: %w; choose another port, or --watch alone for one that is free", p, err)
	}
	return &watch{server}, nil
}

// callbacks show the training on the page.
func (w *watch) callbacks(c *cli.Context, t *recipe.Training) []train.Callback {
	if w.server == nil {
		return nil
	}
	fmt.Fprintf(c.App.ErrWriter, "watch it on %s\n", w.server.URL())
	s := t.Session.Settings
	facts := []live.Fact{
		{Name: "data", Text: fmt.Sprintf("%d samples of %s", t.Fit.Len(), t.Set.Name)},
		{Name: "batch", Text: strconv.Itoa(s.Batch)}, {Name: "loss", Text: s.Loss},
		{Name: "optimizer", Text: s.Optimizer + " (" + s.Semantics + ")"}, {Name: "learning rate", Text: s.Rate()},
		{Name: "seed", Text: strconv.FormatUint(s.Seed, 10)},
	}
	return []train.Callback{w.server.Watch(live.Run{Title: report.NetText(s), Dir: t.Session.Dir, Facts: facts, Earlier: t.Session.Metrics()})}
}

// results shows how the trained network does.
func (w *watch) results(r run.Result) {
	if w.server != nil {
		w.server.Results(live.Score{Set: "train", Loss: r.Train.Loss, Accuracy: r.Train.Accuracy}, live.Score{Set: "test", Loss: r.Test.Loss, Accuracy: r.Test.Accuracy})
	}
}

// close ends the page, which says how the training ended.
func (w *watch) close(err error) error {
	if w.server == nil {
		return nil
	}
	return w.server.Close(err)
}
