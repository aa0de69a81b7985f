package runpage

import (
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// addSpread adds to a cell with a mean what else is known of the measure: the prediction interval,
// the published figure, other frameworks' means.
func (c *cell) addSpread(e sweep.Estimate, runs int) {
	if runs > 1 {
		c.Lines = append(c.Lines, report.RangeText(e.Spread))
	}
	if e.Published != nil {
		c.Lines = append(c.Lines, "published "+report.PublishedText(e))
	}
	for _, p := range e.Peers {
		c.Lines = append(c.Lines, p.Framework+" "+report.MeanText(p.Spread))
	}
}
