package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/train/sweep"
)

// CSV is the table of a sweep, for spreadsheets and statistics: a row for each combination, epoch
// and measure.
func (r *Sweep) CSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	var names []string
	for _, a := range r.Grid.Axes {
		names = append(names, a.Setting)
	}
	head := append(slices.Clone(names), "epoch", "measure", "n", "mean", "std", "mean_95_low", "mean_95_high", "run_95_low", "run_95_high", "published")
	for _, f := range r.peers {
		for _, of := range []string{"n", "mean", "std"} {
			head = append(head, strings.ToLower(f.Name())+"_"+of)
		}
	}
	w.Write(head)
	for _, row := range r.Rows {
		for _, e := range row.Estimates {
			var cells []string
			for _, name := range names {
				cells = append(cells, row.Values[name])
			}
			published := math.NaN()
			if e.Published != nil {
				published = *e.Published
			}
			cells = append(cells, string(row.Epoch), e.Measure, fmt.Sprint(row.N))
			for _, v := range []float64{e.Mean, e.Std, e.Mean95.Low, e.Mean95.High, e.Run95.Low, e.Run95.High, published} {
				cells = append(cells, numberCell(v))
			}
			for _, f := range r.peers {
				cells = append(cells, peerCells(e, f.Name())...)
			}
			w.Write(cells)
		}
	}
	w.Flush() // a bytes.Buffer takes everything
	return b.Bytes()
}

// peerCells are empty if the framework has not trained this.
func peerCells(e sweep.Estimate, framework string) []string {
	for _, p := range e.Peers {
		if p.Framework == framework {
			return []string{fmt.Sprint(p.N), numberCell(p.Mean), numberCell(p.Std)}
		}
	}
	return []string{"", "", ""}
}

// numberCell is empty for what is not known.
func numberCell(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
