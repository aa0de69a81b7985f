package runpage

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// settingsOf are the settings of a row's trainings, but for their seeds.
func (p *sweepPage) settingsOf(r sweep.Row) run.Settings { return p.settingsOfLabel(r.Combination) }

func (p *sweepPage) settingsOfLabel(label string) run.Settings {
	for _, c := range p.sweep.Combinations {
		if c.Label == label {
			return c.Cells[0].Settings
		}
	}
	return run.Settings{}
}

// besideText is another framework's mean in a cell.
func besideText(f *sweep.Framework, e sweep.Estimate) string {
	return f.Name() + " " + report.MeanText(e)
}

// sayBeside says what of other frameworks stands in the table.
func (p *sweepPage) sayBeside(s *section) {
	for _, f := range p.beside {
		n := 0
		for _, c := range p.sweep.Combinations {
			_, runs := f.Estimate(c.Cells[0].Settings, sweep.Last, "test_loss")
			n += runs
		}
		if n == 0 {
			s.say(fmt.Sprintf("None of the trainings in %s has the network, data, loss and activation of one here.", f.Name()))
			continue
		}
		text := fmt.Sprintf("%s is version %s: means of %s with the same network, data, loss and activation", f.Name(), f.Version(), count(n, "training"))
		if d := f.Differences(p.sweep.Combinations[0].Cells[0].Settings); len(d) > 0 {
			text += ", but " + strings.Join(d, ", ")
		}
		s.say(text + ". " + f.Command + " has made them.")
	}
}
