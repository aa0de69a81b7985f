package report

import "github.com/gonn-toolkit/gonn/train/shell"

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

// Text writes a line for each, and what to do with them.
func (r *Events) Text(w *Page) {
	for _, f := range r.Files {
		w.fill("%s: wrote %s (epochs: %d)", f.Run, f.Path, f.Epochs)
	}
	w.fill("look at them with tensorboard --logdir %s", shell.Word(r.Out))
}
