package runpage

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/plot/kinds"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// sweepPage makes the page of a sweep.
type sweepPage struct {
	document
	colors  *palette
	sweep   *sweep.Sweep
	report  *report.Sweep
	sources []kinds.Source // of the cells that have finished an epoch
	model   *model.Model   // of the first of them, may be nil
	data    *data.Set
	noData  string
	options Options
	peers   []string // names of other frameworks
}

// Sweep writes the page of a sweep, which may be at work.
func Sweep(s *sweep.Sweep, o Options) ([]byte, error) {
	r, err := report.SweepOf(s, o.Beside...)
	if err != nil {
		return nil, err
	}
	p := &sweepPage{colors: newPalette(), sweep: s, report: r, options: o, noData: "No run of the sweep has finished an epoch yet."}
	p.Title = base(s.Dir)
	for _, f := range o.Beside {
		p.peers = append(p.peers, f.Name())
	}
	if s.Count(sweep.Finished)+s.Count(sweep.Begun) > 0 && p.begun() {
		if p.sources, err = kinds.Open(kinds.Models, s.Dir); err != nil {
			return nil, err
		}
		p.model = p.sources[0].Model
		p.data, p.noData = openData(p.model, o.DataPath)
	}
	p.verdict()
	for _, add := range []func() error{
		p.results, p.tests, p.curves, p.slopes, p.samples, p.network, p.settings, p.cells, p.repeat,
	} {
		if err := add(); err != nil {
			return nil, err
		}
	}
	return p.html(s.Dir, p.colors)
}

// begun reports whether a cell has finished an epoch.
func (p *sweepPage) begun() bool {
	for _, c := range p.sweep.Combinations {
		if slices.ContainsFunc(c.Cells, func(cell *sweep.Cell) bool { return len(cell.Epochs) > 0 }) {
			return true
		}
	}
	return false
}

// rows are those of a moment.
func (p *sweepPage) rows(m sweep.Moment) []sweep.Row {
	return slices.DeleteFunc(slices.Clone(p.report.Rows), func(r sweep.Row) bool { return r.Epoch != m })
}

// estimate is that of a measure in a row.
func estimate(r sweep.Row, measure string) sweep.Estimate {
	for _, e := range r.Estimates {
		if e.Measure == measure {
			return e
		}
	}
	return sweep.Estimate{Spread: sweep.Spread{Mean: math.NaN()}}
}

// least is the row with the lowest mean test loss, nil if there is none.
func least(rows []sweep.Row) *sweep.Row {
	var best *sweep.Row
	for i, r := range rows {
		if m := estimate(r, "test_loss").Mean; !math.IsNaN(m) && (best == nil || m < estimate(*best, "test_loss").Mean) {
			best = &rows[i]
		}
	}
	return best
}

// verdict says in sentences what the sweep has come to.
func (p *sweepPage) verdict() {
	s := p.sweep
	say := func(format string, args ...any) { p.Verdict = append(p.Verdict, fmt.Sprintf(format, args...)) }
	rows := p.rows(sweep.Last)
	best := least(rows)
	if best != nil {
		mean := report.MeanText(estimate(*best, "test_loss").Spread)
		if len(s.Combinations) == 1 {
			say("After the last epoch the mean test loss is %s over %s.", mean, count(best.N, "seed"))
		} else {
			say("After the last epoch %s has the lowest mean test loss, %s over %s.", best.Combination, mean, count(best.N, "seed"))
		}
		if text := p.distinguished(*best); text != "" {
			say("%s", text)
		}
	}
	if n := s.Count(sweep.Finished); n < s.Cells() {
		say("%d of %d trainings are finished.", n, s.Cells())
	}
	if inside, of := insideCount(rows); of > 0 {
		say("%d of the study's %d published losses and accuracies lie inside the 95 %% prediction interval of one run.", inside, of)
	}
	tile := func(label, value, note string) { p.Tiles = append(p.Tiles, tile{label, value, note}) }
	if best != nil {
		tile("lowest test loss", figure(estimate(*best, "test_loss").Mean), best.Combination)
		tile("its test accuracy", percent(estimate(*best, "test_accuracy").Mean), "mean over "+count(best.N, "seed"))
	}
	tile("combinations", fmt.Sprint(len(s.Combinations)), axesText(s.Grid))
	tile("seeds", fmt.Sprint(len(s.Grid.Seeds)), seedsText(s.Grid.Seeds))
	tile("trainings", fmt.Sprint(s.Count(sweep.Finished)), fmt.Sprintf("of %d, %d failed", s.Cells(), s.Count(sweep.Failed)))
}

// distinguished says from how many others a combination differs by its test loss.
func (p *sweepPage) distinguished(best sweep.Row) string {
	apart, of := 0, 0
	var same []string
	for _, t := range p.testsOf(best.Epoch, "test_loss") {
		if t.A != best.Combination && t.B != best.Combination {
			continue
		}
		of++
		if t.Significant() {
			apart++
		} else if t.A == best.Combination {
			same = append(same, t.B)
		} else {
			same = append(same, t.A)
		}
	}
	switch {
	case of == 0:
		return ""
	case of == 1 && len(p.sweep.Combinations) == 2:
		return map[int]string{0: "It is not distinguishable from the other.", 1: "It is distinguishable from the other."}[apart]
	case apart == of && of < len(p.sweep.Combinations)-1:
		return fmt.Sprintf("It is distinguishable from the %d others that could be tested.", of)
	case apart == of:
		return "It is distinguishable from all others."
	case apart == 0:
		return "None of the others is distinguishable from it."
	case len(same) > 4:
		return fmt.Sprintf("It is distinguishable from %d of the %d others.", apart, of)
	}
	return fmt.Sprintf("It is not distinguishable from %s.", list(same))
}

// list is a list in a sentence.
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// insideCount counts the published figures, and those inside their prediction interval.
func insideCount(rows []sweep.Row) (inside, of int) {
	for _, r := range rows {
		for _, e := range r.Estimates {
			if e.Published == nil || math.IsNaN(e.Run95.Low) {
				continue
			}
			of++
			if e.Inside() {
				inside++
			}
		}
	}
	return inside, of
}

func axesText(g sweep.Grid) string {
	var all []string
	for _, a := range g.Axes {
		all = append(all, fmt.Sprintf("%d of %s", len(a.Values), a.Setting))
	}
	return strings.Join(all, ", ")
}

// seedsText is as gonn sweep reads seeds: 1-3,7.
func seedsText(seeds []uint64) string {
	var all []string
	for i := 0; i < len(seeds); {
		k := i
		for k+1 < len(seeds) && seeds[k+1] == seeds[k]+1 {
			k++
		}
		text := fmt.Sprint(seeds[i])
		if k > i {
			text += fmt.Sprintf("-%d", seeds[k])
		}
		all = append(all, text)
		i = k + 1
	}
	return strings.Join(all, ",")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
