package study

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/gonn-toolkit/gonn/nn/bench"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// Lab is where claims are measured.
type Lab struct {
	Dir   string // folder of the numbers that are kept (findings) and of trainings (sweeps)
	Scale Scale
	Gonn  string // version that is recorded
	// Again measures what is kept once more. Trainings are kept all the same.
	Again bool
	// Workers is the number of goroutines, 0 for one a processor. It does not change results.
	Workers int
	// Trains, if not nil, is told of trainings that begin. It returns how they are to be
	// trained and what to call when they have ended.
	Trains func(*sweep.Session) (sweep.Options, func())
	// Step, if not nil, is told how far measurements have come.
	Step func(what string, done, all int)

	open recipe.Opener
}

// NewLab is a lab in a folder, which need not be there.
func NewLab(dir string, s Scale) *Lab { return &Lab{Dir: dir, Scale: s, open: recipe.Shared()} }

// Made tells when, where and by what numbers were measured.
type Made struct {
	Gonn string `json:"gonn"`
	bench.Machine
	Ended time.Time `json:"ended"`
	// Seconds is how long it took, without what was there already.
	Seconds float64 `json:"seconds"`
}

func (l *Lab) made(began time.Time) (Made, error) {
	m, err := bench.ThisMachine()
	return Made{l.Gonn, m, time.Now().UTC().Truncate(time.Second), time.Since(began).Round(time.Millisecond).Seconds()}, err
}

// Measure measures a claim, or takes the numbers that are kept, and draws conclusions. When ctx
// is done it stops with ctx's error; a further call goes on.
func (l *Lab) Measure(ctx context.Context, c *Claim) (*Finding, error) {
	return l.finding(c, func() (numbers, error) { return c.measure(ctx, l) })
}

// finding draws conclusions from the numbers that are kept, or else from those that measure gives.
func (l *Lab) finding(c *Claim, measure func() (numbers, error)) (*Finding, error) {
	n, made, err := keep(l, c.Name, l.Scale, c.decode, measure)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name, err)
	}
	f := &Finding{Claim: c, Scale: l.Scale, Numbers: n, Made: made}
	f.Commands = []string{l.command(c)}
	if err := tell(n, f); err != nil {
		return nil, damaged(l.keptPath(c.Name), err)
	}
	return f, nil
}

// tell has numbers fill in a finding. Those of a file may not be as many as they should be, which
// shows when they are looked at.
func tell(n numbers, f *Finding) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("its numbers do not go together: %v", r)
		}
	}()
	n.tell(f)
	return nil
}

// command measures a claim alone.
func (l *Lab) command(c *Claim) string {
	s := "gonn report study --claim " + c.Name
	if l.Scale.Name == Quick.Name {
		s += " --quick"
	}
	return s
}

// sweepStudy is the command of trainings of the study's network at the finding's scale, in a folder
// below sweeps.
func (f *Finding) sweepStudy(folder, flags string, seeds int) string {
	s := "gonn sweep study " + flags
	if f.Scale.Limit > 0 {
		s += fmt.Sprintf(" --limit %d", f.Scale.Limit)
	}
	if f.Scale.Epochs != Full.Epochs && !strings.Contains(flags, "--epochs") {
		s += fmt.Sprintf(" --epochs %d", f.Scale.Epochs)
	}
	s += fmt.Sprintf(" --seeds %d", seeds)
	if folder != sweep.Study {
		s += " --dir sweeps/" + folder
	}
	return s
}

// step tells how far a measurement has come.
func (l *Lab) step(what string, done, all int) {
	if l.Step != nil {
		l.Step(what, done, all)
	}
}

// sweepDir is the folder of a sweep.
func (l *Lab) sweepDir(name string) string { return filepath.Join(l.Dir, "sweeps", name) }
