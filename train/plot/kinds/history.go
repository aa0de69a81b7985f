package kinds

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/stats"
)

// level is that of intervals over seeds.
const level = 0.95

// group is a run, or several that differ in their seed only.
type group struct {
	name    string
	sources []Source
}

// groups are the sources by their Group, in their order.
func (in *Input) groups() []group {
	var all []group
	for _, s := range in.Sources {
		i := slices.IndexFunc(all, func(g group) bool { return g.name == s.Group })
		if i < 0 {
			i = len(all)
			all = append(all, group{name: s.Group})
		}
		all[i].sources = append(all[i].sources, s)
	}
	return all
}

// trained is an error if a source has no history, or one whose epochs are not 1, 2, 3, ….
func (in *Input) trained() error {
	for _, s := range in.Sources {
		switch {
		case s.Settings == nil:
			return fmt.Errorf("%s has no history of its training: name the folder of a run or sweep", s.Name)
		case len(s.Epochs) == 0:
			return fmt.Errorf("%s has not finished an epoch", s.Name)
		}
		for i, e := range s.Epochs {
			if e.Epoch != i+1 {
				return fmt.Errorf("%s has epoch %d as number %d of its history: the run is damaged", s.Name, e.Epoch, i+1)
			}
		}
	}
	return nil
}

// names are those of all series of the sources, in the order of recording.
func (in *Input) names() []string {
	var all []string
	seen := map[string]bool{}
	for _, s := range in.Sources {
		for _, e := range s.Epochs {
			for _, v := range e.Values {
				if !seen[v.Name] {
					seen[v.Name] = true
					all = append(all, v.Name)
				}
			}
		}
	}
	return all
}

// matching are the names of series that begin with a prefix, without it.
func (in *Input) matching(prefix string) []string {
	var all []string
	for _, n := range in.names() {
		if rest, ok := strings.CutPrefix(n, prefix); ok {
			all = append(all, rest)
		}
	}
	return all
}

// series is a metric of a source over its epochs; NaN where an epoch has none.
func (s Source) series(name string) (epochs, values []float64, found bool) {
	for _, e := range s.Epochs {
		v, ok := e.Get(name)
		if !ok {
			v = math.NaN()
		}
		found = found || ok
		epochs, values = append(epochs, float64(e.Epoch)), append(values, v)
	}
	return epochs, values, found
}

// band is a metric over the seeds of a group: the mean, and the interval of the mean where there
// are two or more.
type band struct {
	epochs, mean, low, high []float64
	runs                    int
}

func (g group) band(metric string) (b band) {
	byEpoch := map[int][]float64{}
	for _, s := range g.sources {
		epochs, values, found := s.series(metric)
		if !found {
			continue
		}
		b.runs++
		for i, e := range epochs {
			if v := values[i]; !math.IsNaN(v) {
				byEpoch[int(e)] = append(byEpoch[int(e)], v)
			} else if _, ok := byEpoch[int(e)]; !ok {
				byEpoch[int(e)] = nil
			}
		}
	}
	var epochs []int
	for e := range byEpoch {
		epochs = append(epochs, e)
	}
	slices.Sort(epochs)
	for _, e := range epochs {
		v := byEpoch[e]
		i := stats.ConfidenceInterval(v, level)
		b.epochs = append(b.epochs, float64(e))
		b.mean, b.low, b.high = append(b.mean, stats.Mean(v)), append(b.low, i.Low), append(b.high, i.High)
	}
	return b
}

// addSeries draws a metric of a group: a line, with a band if there are several seeds and the line
// is not dashed.
func addSeries(p *plot.Panel, g group, metric string, s plot.Style) {
	b := g.band(metric)
	if b.runs > 1 && !s.Dashed {
		p.Band("", b.epochs, b.low, b.high, s)
	}
	p.Line("", b.epochs, b.mean, s)
}

// bandNote says what lines with bands are, "" if there are none.
func bandNote(groups []group) string {
	if means := meansNote(groups); means != "" {
		return means + ", with the 95 % confidence interval of the mean"
	}
	return ""
}

// meansNote says over how many seeds values are means, "" if they are those of single runs.
func meansNote(groups []group) string {
	least, most := math.MaxInt, 0
	for _, g := range groups {
		least, most = min(least, len(g.sources)), max(most, len(g.sources))
	}
	switch {
	case most < 2:
		return ""
	case least == most:
		return fmt.Sprintf("mean over %d seeds", most)
	}
	return fmt.Sprintf("mean over %d to %d seeds", least, most)
}
