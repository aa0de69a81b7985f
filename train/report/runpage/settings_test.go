package runpage

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// The command of a sweep asks for what was asked for, and its settings are those that all trainings
// have.
func TestSettingsOfSweeps(t *testing.T) {
	s := &sweep.Sweep{Grid: sweep.Grid{Settings: recipe.Default(), Seeds: []uint64{0, 1}, Axes: []sweep.Axis{{Setting: "optimizer", Values: []string{"sgd", "adam"}}}}}
	s.Grid.Settings.Normalize, s.Grid.Settings.Seed, s.Grid.Settings.Batch = "auto", 0, 64
	for i, optimizer := range s.Grid.Axes[0].Values {
		c := sweep.Combination{Label: optimizer, Values: []string{optimizer}}
		for _, seed := range s.Grid.Seeds {
			set := s.Grid.Settings
			set.Optimizer, set.Seed, set.LR, set.Normalize = optimizer, seed, []float64{0.01, 0.001}[i], fmt.Sprintf("0.%d:0.5", seed+1)
			c.Cells = append(c.Cells, &sweep.Cell{Settings: set})
		}
		s.Combinations = append(s.Combinations, c)
	}
	p := &sweepPage{sweep: s}
	if got, want := flags(p.asked()), " --normalize auto --batch 64"; got != want {
		t.Errorf("asked for%s, want%s", got, want)
	}
	all, err := p.common()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		if slices.Contains([]string{"optimizer", "lr", "normalize", "seed"}, x.Name) {
			t.Errorf("all trainings have %s %s", x.Name, x.Value)
		}
	}
	if !slices.ContainsFunc(all, func(x setting) bool { return x.Name == "batch" && x.Value == "64" }) {
		t.Error("not all trainings have batch 64")
	}
	p.options, p.Title = Options{DataPath: "my data", Beside: []*sweep.Framework{{Path: "a.json"}}, Output: "x.html"}, "two"
	if err := p.repeat(); err != nil {
		t.Fatal(err)
	}
	commands := p.Sections[0].Parts[0].Commands
	if first, want := commands[0].Text, "gonn sweep --dir sweeps/two --optimizer=sgd --optimizer=adam --normalize auto --batch 64 --seeds 0-1"; first != want {
		t.Errorf("%s, want %s", first, want)
	}
	if last, want := commands[len(commands)-1].Text, "--data 'my data' --beside a.json -o x.html --force"; !strings.HasSuffix(last, want) {
		t.Errorf("%s, want %s", last, want)
	}
}

// The flags of a run's command are those that differ from the defaults beside its network,
// optimizer and semantics.
func TestFlags(t *testing.T) {
	for _, c := range []struct {
		change func(*run.Settings)
		want   string
	}{
		{func(*run.Settings) {}, ""},
		{func(s *run.Settings) { s.Act, s.Seed, s.RestoreBest = "leaky:-0.5", 7, true }, " --act leaky:-0.5 --seed 7 --restore-best"},
		{func(s *run.Settings) { s.Seed = 0 }, " --seed 0"},
		{func(s *run.Settings) { s.Semantics = "pytorch" }, " --semantics pytorch"},
		{func(s *run.Settings) { s.Optimizer, s.LR = "adamw", 0.004; s.WeightDecay = 0.004 }, " --optimizer adamw --lr 0.004"},
		{func(s *run.Settings) { recipe.SetData(s, "my data/it's") }, ` --data 'my data/it'\''s'`},
		{func(s *run.Settings) { s.Val, s.ClipNorm, s.Workers = 0.1, 2, 3 }, " --val 0.1 --clip-norm 2"},
	} {
		s := recipe.Default()
		c.change(&s)
		s, err := recipe.Complete(s)
		if err != nil {
			t.Fatal(err)
		}
		if s.LR == 0 {
			s.LR = 0.001 // as a run records it
		}
		all, err := settingsOf(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := flags(all); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
