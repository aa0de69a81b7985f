package runpage

import (
	"fmt"
	"time"

	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/plot/kinds"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/shell"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// Options are what a report on a run or sweep is asked for.
type Options struct {
	// DataPath is where the data are, if they have moved.
	DataPath string
	// Workers is the number of goroutines, 0 for one a processor.
	Workers int
	// Beside are the results of other frameworks that stand beside those of a sweep.
	Beside []*sweep.Framework
	// Output is the page's file, "" for the one that gonn report chooses by itself: the page's own
	// command has it.
	Output string
}

// dataFlag is the flag for data that have moved.
func (o Options) dataFlag() string {
	if o.DataPath == "" {
		return ""
	}
	return " --data " + shell.Word(o.DataPath)
}

// flags are those of gonn report that make the page again.
func (o Options) flags() string {
	s := o.dataFlag()
	for _, f := range o.Beside {
		s += " --beside " + shell.Word(f.Path)
	}
	if o.Output != "" {
		s += " -o " + shell.Word(o.Output)
	}
	return s
}

// runPage makes the page of a run.
type runPage struct {
	document
	colors  *palette
	summary *run.Summary
	source  kinds.Source
	model   *model.Model
	data    *data.Set
	noData  string // why there are none
	options Options
}

// Run writes the page of the run in a folder. Data that cannot be opened are no error: the page
// says so.
func Run(dir string, o Options) ([]byte, error) {
	summary, err := run.ReadSummary(dir)
	if err != nil {
		return nil, err
	}
	sources, err := kinds.Open(kinds.OneModel, dir)
	if err != nil {
		return nil, err
	}
	p := &runPage{colors: newPalette(), summary: summary, source: sources[0], model: sources[0].Model, options: o}
	p.summary.Metrics = p.source.Epochs // also of a run of schema 1
	p.Title = base(dir)
	p.data, p.noData = openData(p.model, o.DataPath)
	p.verdict()
	for _, add := range []func() error{
		p.published, p.curves, p.slopes, p.units, p.mistakes, p.samples, p.network, p.settings, p.repeat,
	} {
		if err := add(); err != nil {
			return nil, err
		}
	}
	return p.html(dir, p.colors)
}

// verdict says in sentences what the run has come to.
func (p *runPage) verdict() {
	s, r := p.summary, p.summary.Result
	say := func(format string, args ...any) { p.Verdict = append(p.Verdict, fmt.Sprintf(format, args...)) }
	done, asked := s.Epochs(), s.Settings.Epochs
	switch {
	case r != nil:
		say("It takes %.2f %% of %s test samples for their class, with a loss of %.4f.", 100*r.Test.Accuracy, report.Thousands(r.Test.Samples), r.Test.Loss)
	case s.State == run.Imported:
		say("The network was imported from a file, and has not been trained yet.")
	case s.State == run.Training:
		say("Its training goes on: %d of %d epochs are done.", done, asked)
	default:
		say("Its training was stopped: %d of %d epochs are done.", done, asked)
	}
	best, trained := s.Best()
	if trained {
		say("%s", bestText(best, done, s.Settings.RestoreBest))
	}
	if r != nil && done < asked {
		say("It stopped early, after %d of %d epochs: the loss had not fallen for %s.", done, asked, count(s.Settings.Patience, "epoch"))
	}
	tile := func(label, value, note string) { p.Tiles = append(p.Tiles, tile{label, value, note}) }
	if r != nil {
		tile("test accuracy", percent(r.Test.Accuracy), "loss "+figure(r.Test.Loss))
		tile("training accuracy", percent(r.Train.Accuracy), "loss "+figure(r.Train.Loss))
	}
	if trained {
		tile("epochs", fmt.Sprint(done), fmt.Sprintf("of %d, the best %d", asked, best.Epoch))
		tile("time", duration(s.Time()), timeNote(s))
	}
	net := p.model.Net
	tile("parameters", report.Thousands(net.NumParams()), report.Thousands(net.MACs())+" MACs a sample")
}

func timeNote(s *run.Summary) string {
	m := s.Sessions[len(s.Sessions)-1]
	note := fmt.Sprintf("%d processors", m.CPUs)
	if m.CPUs == 1 {
		note = "1 processor"
	}
	if m.Kernels != "" {
		note += ", " + m.Kernels
	}
	return note
}

// duration is a time of trainings, to seconds if they are many.
func duration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		return d.Round(time.Second).String()
	}
}

func percent(share float64) string { return fmt.Sprintf("%.2f %%", 100*share) }

// figure is a loss or a share with four digits, as tables of gonn have them.
func figure(v float64) string { return report.FigureText(v) }
