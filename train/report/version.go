package report

import "fmt"

// Version tells what a program was built from and what it runs on.
type Version struct {
	Gonn     string `json:"gonn"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Kernels  string `json:"kernels"` // as nn.Backend names them
}

// Text writes one line.
func (r *Version) Text(w *Page) {
	fmt.Fprintf(w, "gonn %s, %s, %s, %s kernels\n", r.Gonn, r.Go, r.Platform, r.Kernels)
}
