package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/train/report/table"
)

// Plot is what gonn plot has written.
type Plot struct {
	Pictures []Picture `json:"pictures"`
}

// Picture is one of its files.
type Picture struct {
	Kind   string   `json:"kind"`
	Of     []string `json:"of,omitempty"` // runs and models
	File   string   `json:"file"`
	Bytes  int      `json:"bytes"`
	Width  int      `json:"width,omitempty"` // of a PNG, in pixels
	Height int      `json:"height,omitempty"`
}

// Text writes a line a file.
func (r *Plot) Text(w *Page) {
	for _, p := range r.Pictures {
		size := ""
		if p.Width > 0 {
			size = fmt.Sprintf("%d×%d pixels, ", p.Width, p.Height)
		}
		fmt.Fprintf(w, "%s: %s%d KB\n", p.File, size, (p.Bytes+999)/1000)
	}
}

// PlotKinds lists the pictures that gonn plot draws.
type PlotKinds struct {
	Kinds []PlotKind `json:"kinds"`
}

// PlotKind is one of them, with what it takes and the flags that it reads beside those of all.
type PlotKind struct {
	Kind    string   `json:"kind"`
	Takes   string   `json:"takes"`
	Usage   string   `json:"usage"`
	Options []string `json:"options,omitempty"`
}

// Text writes a table.
func (r *PlotKinds) Text(w *Page) {
	t := table.New(table.Column{Title: "picture"}, table.Column{Title: "takes", Shrink: 2, Min: 10, Drop: 1}, table.Column{Title: "shows", Shrink: 1, Min: 20})
	for _, k := range r.Kinds {
		t.Row(k.Kind, k.Takes, k.Usage)
	}
	w.table(t)
	fmt.Fprintln(w, "\ngonn plot PICTURE RUN… -o FILE.png|FILE.svg; gonn plot --help has examples")
}
