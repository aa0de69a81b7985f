package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/train/report/table"
	"github.com/gonn-toolkit/gonn/train/study"
)

// Study is what gonn report study has found.
type Study struct {
	Dir    string         `json:"folder"`
	Scale  study.Scale    `json:"scale"`
	File   string         `json:"file,omitempty"` // the page
	Bytes  int            `json:"bytes,omitempty"`
	Claims []StudiedClaim `json:"claims"`
}

// StudiedClaim is one claim with what came of it.
type StudiedClaim struct {
	Name    string        `json:"claim"`
	Title   string        `json:"title"`
	Verdict study.Verdict `json:"verdict"`
	Because string        `json:"because"`
	Numbers any           `json:"numbers"`
	Made    study.Made    `json:"made"`
}

// StudyOf tells of findings.
func StudyOf(l *study.Lab, findings []*study.Finding) *Study {
	r := &Study{Dir: l.Dir, Scale: l.Scale}
	for _, f := range findings {
		r.Claims = append(r.Claims, StudiedClaim{f.Claim.Name, f.Claim.Title, f.Verdict, f.Because, f.Numbers, f.Made})
	}
	return r
}

// Text writes a verdict for each claim.
func (r *Study) Text(w *Page) {
	t := table.New(table.Column{Title: "claim"}, table.Column{Shrink: 1, Min: 20}, table.Column{Title: "verdict"})
	for _, c := range r.Claims {
		t.Row(c.Name, c.Title, string(c.Verdict))
	}
	w.table(t)
	for _, c := range r.Claims {
		fmt.Fprintln(w)
		w.fill("%s: %s. %s", c.Name, c.Verdict, c.Because)
	}
	if r.File != "" {
		fmt.Fprintf(w, "\n%s: %d KB\n", table.Printable(r.File), (r.Bytes+999)/1000)
	}
	if r.Scale.Name == study.Quick.Name {
		w.fill("Quick: little data and few seeds, so the verdicts are worth little.")
	}
}
