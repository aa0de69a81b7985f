package runpage

import (
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot/kinds"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/shell"
	"github.com/gonn-toolkit/gonn/train/stats"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// curves shows metrics over epochs, the means over seeds with their intervals.
func (p *sweepPage) curves() error {
	s := p.section("curves", "Training")
	if p.sources == nil {
		return nil
	}
	for _, m := range []string{"loss", "accuracy"} {
		var ends []string
		least, most := math.Inf(1), 0.0
		for _, c := range p.sweep.Combinations {
			if v := meanOfLast(c, m); !math.IsNaN(v) {
				ends = append(ends, c.Label+" "+figure(v))
				least, most = min(least, v), max(most, v)
			}
		}
		in := &kinds.Input{Sources: p.sources, Options: map[string]string{"metric": m}}
		if m == "loss" && most > 5*least {
			in.Options["log"] = "true" // those that do not learn leave the others no room
		}
		heading := strings.ToUpper(m[:1]) + m[1:]
		alt := fmt.Sprintf("Training and validation %s over epochs; that of the training ends with a mean of %s", m, strings.Join(ends, ", "))
		if err := p.colors.draw(s, heading, in, "curves", 1, alt); err != nil {
			return err
		}
	}
	return nil
}

// meanOfLast is the mean over seeds of a metric in the last epoch, NaN if there is none.
func meanOfLast(c sweep.Combination, name string) float64 {
	var last []float64
	for _, cell := range c.Cells {
		if len(cell.Epochs) == 0 {
			continue
		}
		if v, ok := cell.Epochs[len(cell.Epochs)-1].Get(name); ok {
			last = append(last, v)
		}
	}
	return stats.Mean(last)
}

// slopes shows what activations have learned, over all seeds.
func (p *sweepPage) slopes() error {
	s := p.section("slopes", "Learned slopes")
	if len(p.report.Slopes) == 0 {
		return nil
	}
	t := &table{Head: heads("", "layer", "#runs", "#mean", "#std")}
	var alt []string
	for _, x := range p.report.Slopes {
		row := []cell{text(x.Combination), text(x.Layer), number(fmt.Sprint(x.N))}
		for _, e := range []sweep.Estimate{x.Mean, x.Std} {
			c := number(report.MeanText(e.Spread))
			c.addSpread(e, x.N)
			row = append(row, c)
		}
		t.Rows = append(t.Rows, row)
		alt = append(alt, fmt.Sprintf("%s %s mean %.4f, standard deviation %.4f", x.Combination, x.Layer, x.Mean.Mean, x.Std.Mean))
	}
	in := &kinds.Input{Sources: slices.DeleteFunc(slices.Clone(p.sources), func(one kinds.Source) bool { return len(report.SlopesOf(one.Model.Net)) == 0 })}
	if len(in.Sources) > 0 {
		if err := p.colors.draw(s, "", in, "slopes", 1, "Histograms of learned slopes: "+strings.Join(alt, "; ")); err != nil {
			return err
		}
	}
	s.say("Mean and standard deviation over a layer's slopes after the last epoch: their means over seeds ± half of the 95 % confidence interval; below them the 95 % prediction interval of one run.")
	s.add(part{Table: t})
	return nil
}

// samples shows the data.
func (p *sweepPage) samples() error {
	s := p.section("data", "Data")
	if p.data == nil {
		s.say(p.noData)
		return nil
	}
	first := p.model.Settings
	for _, c := range p.sweep.Combinations {
		if other := c.Cells[0].Settings; other.Data != first.Data || other.DataPath != first.DataPath {
			s.say(fmt.Sprintf("Those of %s; others have been trained with other data.", p.sources[0].Group))
			break
		}
	}
	return s.addData(p.data, p.model.Settings.DataSHA256)
}

// network shows the network of the first combination.
func (p *sweepPage) network() error {
	s := p.section("network", "Network")
	if p.model == nil {
		return nil
	}
	if len(p.sweep.Combinations) > 1 {
		s.say(fmt.Sprintf("That of %s; the others differ from it by the settings that were swept.", p.sources[0].Group))
	}
	return addNetwork(s, p.colors, &kinds.Input{Sources: p.sources[:1]})
}

// settings shows the axes and what all trainings have in common.
func (p *sweepPage) settings() error {
	s := p.section("settings", "Settings")
	all, err := p.common()
	if err != nil {
		return err
	}
	t := &table{Caption: "What was swept", Head: heads("setting", "values")}
	for _, a := range p.sweep.Grid.Axes {
		t.Rows = append(t.Rows, []cell{text(flagName(a.Setting)), long(strings.Join(a.Values, ", "))})
	}
	t.Rows = append(t.Rows, []cell{text("seed"), long(seedsText(p.sweep.Grid.Seeds))})
	s.add(part{Table: t})
	s.addSettings(all)
	return nil
}

// common are the settings that are the same in all trainings. What was swept differs, and so may
// what follows from it, as an optimizer's learning rate.
func (p *sweepPage) common() ([]setting, error) {
	first := p.sweep.Combinations[0].Cells[0].Settings
	all, err := settingsOf(first)
	if err != nil {
		return nil, err
	}
	differs := map[string]bool{"seed": true, "workers": true}
	for _, c := range p.sweep.Combinations {
		for _, one := range c.Cells {
			for name := range differing(first, one.Settings) {
				differs[name] = true
			}
		}
	}
	for _, a := range p.sweep.Grid.Axes {
		differs[a.Setting], differs[a.Setting+"_path"] = true, true
	}
	return slices.DeleteFunc(all, func(x setting) bool { return differs[x.Name] }), nil
}

// differing gives the names of the settings in which two trainings differ.
func differing(a, b run.Settings) iter.Seq[string] {
	return func(yield func(string) bool) {
		values := maps.Collect(b.All())
		for name, v := range a.All() {
			if v != values[name] && !yield(name) {
				return
			}
		}
	}
}

// asked are the settings of all trainings as they were asked for: a command with them asks for the
// same.
func (p *sweepPage) asked() (all []setting) {
	standard := maps.Collect(recipe.Default().All())
	for name, v := range p.sweep.Grid.Settings.All() {
		if !p.sweep.Grid.Sweeps(name) && name != "seed" && !slices.Contains(found, name) {
			all = append(all, settingOf(name, v, standard[name]))
		}
	}
	return all
}

// cells lists the trainings, those that have failed at once.
func (p *sweepPage) cells() error {
	s := p.section("trainings", "Trainings")
	failed := &table{Caption: "Trainings that have failed", Head: heads("training", "why")}
	t := &table{Head: heads("training", "state", "#best epoch", "#test loss", "#test accuracy")}
	for _, c := range p.sweep.Combinations {
		for _, one := range c.Cells {
			row := []cell{text(one.Name), text(string(one.State)), number(""), number(""), number("")}
			if r := one.Result; r != nil {
				row[3], row[4] = number(figure(r.Test.Loss)), number(figure(r.Test.Accuracy))
				if r.Best != nil {
					row[2] = number(fmt.Sprint(r.Best.Epoch))
				}
			}
			t.Rows = append(t.Rows, row)
			if one.State == sweep.Failed {
				failed.Rows = append(failed.Rows, []cell{text(one.Name), long(one.Failure)})
			}
		}
	}
	if failed.Rows != nil {
		s.add(part{Table: failed})
	}
	s.add(part{More: fmt.Sprintf("All %d trainings", len(t.Rows)), Hidden: []part{{Table: t}}})
	return nil
}

// repeat shows the commands that make the sweep and its pictures again.
func (p *sweepPage) repeat() error {
	s := p.section("repeat", "To repeat it")
	anew := "gonn sweep --dir " + shell.Word("sweeps/"+p.Title)
	for _, a := range p.sweep.Grid.Axes {
		for _, v := range a.Values {
			anew += " --" + flagName(a.Setting) + "=" + shell.Word(v)
		}
	}
	anew += flags(p.asked()) + " --seeds " + seedsFlag(p.sweep.Grid.Seeds)
	dir := shell.Word(p.sweep.Dir)
	s.add(part{Commands: []command{
		{Text: anew, Note: "all of it anew, into a folder below sweeps of the folder where the command is run"},
		{Text: "gonn sweep --resume " + dir, Note: "what is not finished, and the tables as text; --csv and --json write them for programs"},
		{Text: "gonn plot curves " + dir + " -o curves.svg", Note: "its pictures as files; gonn plot lists more"},
		{Text: "gonn report " + dir + p.options.flags() + " --force", Note: "this page"},
	}})
	return nil
}

// seedsFlag is the value of --seeds, where a number alone stands for the seeds up to it.
func seedsFlag(seeds []uint64) string {
	if len(seeds) == 1 {
		return fmt.Sprintf("%d-%d", seeds[0], seeds[0])
	}
	return seedsText(seeds)
}
