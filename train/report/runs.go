package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/report/table"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/runs"
)

// Runs are the runs of a folder.
type Runs struct {
	Dir  string `json:"dir"`
	Of   int    `json:"of"` // runs there, before the filters
	Runs []Run  `json:"runs"`
	// Differing are the settings that are not the same in all of Runs, by their names for
	// --columns.
	Differing []string `json:"differing"`

	list    *runs.List
	columns []string
	chosen  bool // the columns are, and stay in a narrow terminal
}

// Run is one of them.
type Run struct {
	Run   string `json:"run"` // from Dir
	Dir   string `json:"dir,omitempty"`
	State string `json:"state"`           // imported, training, stopped, failed, finished or unreadable
	PID   int    `json:"pid,omitempty"`   // of the process that trains it
	Error string `json:"error,omitempty"` // why it is unreadable; it has no more then

	Failure string `json:"failure,omitempty"` // why it has failed, of a cell of a sweep

	Epochs    int                 `json:"epochs"`               // that are done
	BestEpoch int                 `json:"best_epoch,omitempty"` // with the lowest val_loss, or loss without validation; 0 before the first
	Seconds   float64             `json:"seconds"`              // of all epochs
	Started   *time.Time          `json:"started,omitempty"`
	Settings  *run.Settings       `json:"settings,omitempty"`
	LastEpoch *train.EpochMetrics `json:"last_epoch,omitempty"`
	Result    *run.Result         `json:"result,omitempty"`
}

// RunsOf tells of a list that was filtered and sorted, in which there were so many runs before.
// columns are those that Text prints, by the names of runs.Run.Get; nil for those of interest.
func RunsOf(l *runs.List, of int, columns []string) *Runs {
	r := &Runs{Dir: l.Dir, Of: of, Runs: []Run{}, Differing: append([]string{}, l.Differing()...), list: l, columns: columns, chosen: columns != nil}
	for _, one := range l.Runs {
		r.Runs = append(r.Runs, runOf(one))
	}
	if !r.chosen {
		r.columns = r.ofInterest()
	}
	return r
}

func runOf(r *runs.Run) Run {
	if r.Err != nil {
		return Run{Run: r.Name, State: runs.Unreadable, Error: r.Err.Error()}
	}
	one := Run{
		Run: r.Name, Dir: r.Dir, State: string(r.State), PID: r.PID, Failure: r.Failure, Epochs: r.Epochs(), Seconds: r.Time().Seconds(),
		Started: &r.Sessions[0].Started, Settings: &r.Settings, Result: r.Result,
	}
	if best, ok := r.Best(); ok {
		one.BestEpoch, one.LastEpoch = best.Epoch, &r.Metrics[len(r.Metrics)-1]
	}
	return one
}

// ofInterest are the columns of a table for which none were chosen: the settings that differ, and
// of the rest what some run has. For runs that have no result the metrics of their last epoch
// stand; the state has a column unless it is the same.
func (r *Runs) ofInterest() []string {
	columns := []string{"run"}
	if slices.ContainsFunc(r.Runs, func(one Run) bool { return one.State != r.Runs[0].State }) {
		columns = append(columns, "state")
	}
	columns = append(append(columns, r.Differing...), "epochs")
	if slices.ContainsFunc(r.Runs, func(one Run) bool { return one.Result == nil }) {
		columns = append(columns, "loss", "acc")
	}
	columns = append(columns, "val_loss", "val_acc", "train_loss", "train_acc", "test_loss", "test_acc", "best_epoch", "time")
	if !slices.Contains(columns, "lr") {
		columns = append(columns, "lr")
	}
	names := r.list.Names()
	return slices.DeleteFunc(columns, func(name string) bool { return !slices.Contains(names, runs.Long(name)) })
}

// giveWay are the columns that a narrow terminal leaves out, from the first on. All others but run,
// state and test_loss go after them, from the right.
var giveWay = []string{"lr", "time", "acc", "val_acc", "best_epoch", "loss", "val_loss", "train_acc", "train_loss", "test_acc"}

// Text writes a table, and what is wrong with runs that cannot be read or have failed.
func (r *Runs) Text(w *Page) {
	if len(r.Runs) > 0 {
		r.table(w)
	}
	w.fill("%s", r.counts())
	for _, one := range r.Runs {
		switch {
		case one.Error != "":
			w.fill("%s cannot be read: %s", one.Run, one.Error)
		case one.Failure != "":
			w.fill("%s has failed: %s", one.Run, one.Failure)
		}
	}
}

func (r *Runs) table(w *Page) {
	columns := make([]table.Column, len(r.columns))
	for i, name := range r.columns {
		columns[i] = table.Column{Title: runs.Short(name), Right: r.list.IsNumber(name)}
		at := slices.Index(giveWay, name)
		if slices.Contains(r.Differing, name) {
			at = -1 // the learning rate then is what tells runs apart
		}
		switch {
		case name == "run":
			columns[i].Shrink, columns[i].Min = 1, 16
		case r.chosen || name == "state" || name == "test_loss":
		case at >= 0:
			columns[i].Drop = 2 + at
		default:
			columns[i].Drop = 2 + len(giveWay) + len(columns) - i
			if !columns[i].Right {
				columns[i].Shrink, columns[i].Min = 1, 12
			}
		}
	}
	t := table.New(columns...)
	for _, one := range r.list.Runs {
		cells := make([]string, len(columns))
		for i, name := range r.columns {
			v, _ := one.Get(name)
			cells[i] = v.Text
		}
		t.Row(cells...)
	}
	w.table(t)
	if dropped := t.Dropped(w.Width); len(dropped) > 0 {
		w.fill("left out for the width: %s", strings.Join(dropped, ", "))
	}
}

// counts says how many runs there are, by their states.
func (r *Runs) counts() string {
	var parts []string
	for _, state := range []string{string(run.Finished), string(run.Training), string(run.Stopped), string(runs.Failed), string(run.Imported), runs.Unreadable} {
		n := 0
		for _, one := range r.Runs {
			if one.State == state {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	text := fmt.Sprintf("%s: ", r.Dir)
	if len(r.Runs) < r.Of {
		text += fmt.Sprintf("%d of ", len(r.Runs))
	}
	text += fmt.Sprintf("%d runs", r.Of)
	if r.Of == 1 {
		text = strings.TrimSuffix(text, "s")
	}
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	return text
}
