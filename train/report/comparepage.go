package report

import "github.com/gonn-toolkit/gonn/train/report/comparepage"

// HTML gives the comparison as one self-contained page.
func (r *Compare) HTML() ([]byte, error) {
	c := comparepage.Comparison{Reference: r.Reference, Tolerance: r.Tolerance, Verdict: "Not compared", Models: r.held}
	switch {
	case r.Equal != nil && *r.Equal:
		c.Verdict = "Equal"
	case r.Equal != nil:
		c.Verdict = "Different"
	}
	for _, row := range r.Replays {
		o := comparepage.Output{Model: row.Model, Engine: row.Engine, Source: row.Source, Error: row.Error}
		if row.Error != "" {
			c.Outputs = append(c.Outputs, o)
		}
		for _, o.Result = range row.Outputs {
			c.Outputs = append(c.Outputs, o)
		}
	}
	return c.HTML()
}
