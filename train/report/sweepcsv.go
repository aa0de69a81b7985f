package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
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
	w.Write(append(names, "epoch", "measure", "n", "mean", "std", "mean_95_low", "mean_95_high", "run_95_low", "run_95_high", "published"))
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
			w.Write(cells)
		}
	}
	w.Flush() // a bytes.Buffer takes everything
	return b.Bytes()
}

// numberCell is empty for what is not known.
func numberCell(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
