package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/progress"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/report/studypage"
	"github.com/gonn-toolkit/gonn/train/study"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// studyFlags are those of gonn report study alone.
var studyFlags = []cli.Flag{
	&cli.StringSliceFlag{Name: "claim", Usage: "of the study measure the claim `NAME`; several times for several claims", DefaultText: "all"},
	&cli.StringFlag{Name: "dir", Usage: "keep the study's numbers and trainings in the folder `DIR`", DefaultText: "study, or study-quick"},
	&cli.BoolFlag{Name: "quick", Usage: "of the study less data, fewer seeds and epochs: for a look, not for figures"},
	&cli.BoolFlag{Name: "again", Usage: "measure again what is kept of the study; its trainings stay"},
}

const studyExamples = "  gonn report study --quick          a look at the study, in a minute or two\n" +
	"  gonn report study -o study.html    all of it, at full size\n" +
	"  gonn report study --claim symmetry --claim negative-slopes\n" +
	"  gonn report study --dir .          with the sweep in sweeps/study"

// studyHelp says what gonn report study does.
func studyHelp() string {
	return "gonn report study measures the claims of the study of activations that gonn began with, by\n" +
		"trainings where it takes some. The page has a verdict, numbers, pictures and commands for\n" +
		"each. What is measured is kept in a folder, with the trainings as sweeps below it: the same\n" +
		"command again goes on where it was stopped.\n\n" + claimHelp()
}

// claimHelp lists the claims.
func claimHelp() string {
	var b strings.Builder
	b.WriteString("Claims:\n")
	for _, c := range study.Claims {
		fmt.Fprintf(&b, "  %-18s %s\n", c.Name, c.Title)
	}
	return b.String()
}

func reportStudy(c *cli.Context) error {
	names := c.StringSlice("claim")
	for _, name := range names {
		if _, err := study.Find(name); err != nil {
			return usage("--claim: %w%s", err, didYouMean(name, study.Names(), ""))
		}
	}
	claims, err := study.Find(names...)
	if err != nil {
		return err
	}
	path, l, err := studyLab(c)
	if err != nil {
		return err
	}
	if err := checkOutputs(c, path); err != nil {
		return err
	}
	findings, err := measureClaims(c, l, claims)
	if err != nil {
		return err
	}
	doc := studypage.Document{Of: l.Dir, Quick: c.Bool("quick"), Findings: findings}
	page, err := doc.HTML()
	if err != nil {
		return err
	}
	if err := writeFiles(c, atomicfile.File{Path: path, Data: page}); err != nil {
		return err
	}
	r := report.StudyOf(l, findings)
	r.File, r.Bytes = path, len(page)
	return write(c, r)
}

// studyLab is the lab of the flags, and the file of the page.
func studyLab(c *cli.Context) (path string, l *study.Lab, err error) {
	scale, name := study.Full, "study"
	if c.Bool("quick") {
		scale, name = study.Quick, "study-quick"
	}
	dir := name
	if d := c.String("dir"); d != "" {
		dir = d
	}
	path = name + ".html"
	if path, err = reportPath(cmp.Or(c.String("output"), path), dir); err != nil {
		return "", nil, err
	}
	l = study.NewLab(dir, scale)
	l.Gonn, l.Again, l.Workers = version(), c.Bool("again"), c.Int("workers")
	l.Trains = func(s *sweep.Session) (sweep.Options, func()) {
		o := sweep.Options{Workers: l.Workers}
		cells := followCells(c, s, &o)
		return o, cells.Clear
	}
	return path, l, nil
}

// measureClaims measures claims one after the other, and tells on stderr how far it is.
func measureClaims(c *cli.Context, l *study.Lab, claims []*study.Claim) (findings []*study.Finding, err error) {
	line := progress.NewLine(c.App.ErrWriter)
	defer line.Clear()
	signals := catchSignals(c.Context)
	defer signals.release()
	left := newTimeLeft(l.Scale, claims)
	for i, claim := range claims {
		head := fmt.Sprintf("[%d/%d] %s", i+1, len(claims), claim.Name)
		l.Step = func(what string, done, all int) {
			line.Show(fmt.Sprintf("%s: %s (%d/%d)%s", head, what, done+1, all, left.text()))
		}
		line.Show(head + left.text())
		f, err := l.Measure(signals.ctx, claim)
		line.Clear()
		if code := signals.code(); code != 0 && errors.Is(err, context.Canceled) {
			return nil, exitError{fmt.Errorf("stopped in %s; the same command goes on", claim.Name), code}
		}
		if err != nil {
			return nil, err
		}
		left.ended(f)
		fmt.Fprintf(c.App.ErrWriter, "%s: %s%s\n", head, f.Verdict, left.text())
		findings = append(findings, f)
	}
	return findings, nil
}

// timeLeft guesses how long all claims take by their costs and the time so far. What was kept
// says nothing of the time.
type timeLeft struct {
	scale      study.Scale
	began      time.Time // of the claim at hand
	took       time.Duration
	done, todo float64 // costs
}

func newTimeLeft(s study.Scale, claims []*study.Claim) *timeLeft {
	t := &timeLeft{scale: s, began: time.Now()}
	for _, c := range claims {
		t.todo += c.Cost(s)
	}
	return t
}

func (t *timeLeft) ended(f *study.Finding) {
	cost := f.Claim.Cost(t.scale)
	t.todo -= cost
	now := time.Now()
	if !f.Made.Ended.Before(t.began.Truncate(time.Second)) {
		t.done, t.took = t.done+cost, t.took+now.Sub(t.began)
	}
	t.began = now
}

// text is "" before a claim was measured and after the last.
func (t *timeLeft) text() string {
	if t.done <= 0 || t.todo <= 0 {
		return ""
	}
	left := time.Duration(float64(t.took) * t.todo / t.done)
	return fmt.Sprintf("  about %s left", left.Round(time.Second))
}
