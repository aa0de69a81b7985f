package report

import "fmt"

// Events tells which event files were written.
type Events struct {
	Out   string      `json:"out"` // for tensorboard --logdir
	Files []EventFile `json:"files"`
}

// EventFile is the event file of a run.
type EventFile struct {
	Run    string `json:"run"`
	Epochs int    `json:"epochs"`
	File
}

// Text writes what to do with them.
func (r *Events) Text(w *Page) {
	epochs := 0
	for _, f := range r.Files {
		epochs += f.Epochs
	}
	fmt.Fprintf(w, "wrote %d runs with %d epochs: tensorboard --logdir %s\n", len(r.Files), epochs, r.Out)
}
