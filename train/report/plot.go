package report

import "fmt"

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
	Width  int      `json:"width,omitempty"` // of a PNG, in pixels; 0 for other files
	Height int      `json:"height,omitempty"`
}

// Text writes a line a file.
func (r *Plot) Text(w *Page) {
	for _, p := range r.Pictures {
		size := ""
		if p.Width > 0 {
			size = fmt.Sprintf("%d×%d pixels, ", p.Width, p.Height)
		}
		w.fill("%s: %s%d KB", p.File, size, (p.Bytes+999)/1000)
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

// Text writes a paragraph for each.
func (r *PlotKinds) Text(w *Page) {
	for _, k := range r.Kinds {
		w.wrap(fmt.Sprintf("%-13s  %s", k.Kind, k.Usage), 15)
	}
	fmt.Fprintln(w)
	w.fill("gonn plot PICTURE RUN… -o FILE.png|FILE.svg; gonn plot --help has examples")
}
