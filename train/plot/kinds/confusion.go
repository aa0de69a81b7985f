package kinds

import (
	"fmt"
	"strconv"

	"github.com/gonn-toolkit/gonn/nn/score"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

var confusion = &Kind{
	Name: "confusion", Usage: "which classes a model takes for which, on its test set",
	Takes: OneModel, Data: true, Options: []Option{trainOption}, Draw: drawConfusion,
}

// maxCounts bounds the classes of a matrix with its numbers in it.
const maxCounts = 20

func drawConfusion(in *Input) (*plot.Figure, error) {
	src, err := in.one("confusion")
	if err != nil {
		return nil, err
	}
	set, name := in.set()
	loss, err := in.lossOn(set, name, src.Model)
	if err != nil {
		return nil, err
	}
	s, err := src.Model.Scores(set, loss, in.Workers)
	if err != nil {
		return nil, err
	}
	return confusionFigure(fmt.Sprintf("Confusion of %s on the %s of %s", src.Name, name, in.Data.Name), s, in.Data.ClassNames), nil
}

// confusionFigure draws the counts of the classes with samples or answers. Colours are shares of
// the true class and end at the largest one beside the diagonal, since the mistakes of a good model
// are few.
func confusionFigure(of string, s *score.Scores, names data.ClassNames) *plot.Figure {
	seen := classesSeen(s.Confusion)
	ticks, short := make([]string, len(seen)), make([]string, len(seen))
	for i, k := range seen {
		ticks[i] = className(names, k)
		short[i] = table.Shorten(ticks[i], max(4, 85/len(seen)))
	}
	share, most := shares(s.Confusion, seen)
	m := plot.HeatMap{
		Rows: len(seen), Columns: len(seen), Down: true, Map: plot.Viridis, Max: most,
		At: func(r, c int) float64 { return share[r][c] },
	}
	if len(seen) <= maxCounts {
		m.Text = func(r, c int) string {
			if n := s.Confusion[seen[r]][seen[c]]; n > 0 {
				return strconv.Itoa(n)
			}
			return ""
		}
	}
	p := &plot.Panel{X: plot.Axis{Label: "taken for", Names: short}, Y: plot.Axis{Label: "true class", Names: ticks}}
	p.HeatMap(m)
	return &plot.Figure{
		Title: of, Note: confusionNote(s),
		Panels: []*plot.Panel{p}, Aspect: 0.85, Scale: &plot.Scale{Label: "share of the true class", Map: plot.Viridis, Max: most},
	}
}

func confusionNote(s *score.Scores) string {
	note := fmt.Sprintf("%d samples, accuracy %.2f %%; colours end at the most frequent mistake", s.Samples, 100*s.Accuracy())
	unanswered := 0
	for _, n := range s.Unanswered {
		unanswered += n
	}
	if unanswered > 0 {
		note += fmt.Sprintf("; %d without an answer are left out", unanswered)
	}
	return note
}

// shares are the shares of each true class that were taken for each class, NaN for classes without
// samples, and the largest one beside the diagonal; 1 if there is none.
func shares(m [][]int, classes []int) (share [][]float64, most float64) {
	for r, k := range classes {
		sum := 0
		for _, n := range m[k] {
			sum += n
		}
		row := make([]float64, len(classes))
		for c, j := range classes {
			row[c] = float64(m[k][j]) / float64(sum)
			if r != c && row[c] > most {
				most = row[c]
			}
		}
		share = append(share, row)
	}
	if most == 0 {
		most = 1
	}
	return share, most
}

// classesSeen are the classes with samples or answers; all if there are none.
func classesSeen(m [][]int) []int {
	var seen, all []int
	for k := range m {
		n := 0
		for j := range m {
			n += m[k][j] + m[j][k]
		}
		if all = append(all, k); n > 0 {
			seen = append(seen, k)
		}
	}
	if seen == nil {
		return all
	}
	return seen
}
