package runs

import (
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// List are the runs of a folder.
type List struct {
	Dir  string
	Runs []*Run
}

// Run is a run of a list.
type Run struct {
	Name string // its path from the list's folder, with slashes
	*run.Summary
	Err     error  // why it cannot be read; the summary is then nil
	Failure string // why it has failed, of a cell of a sweep whose State is Failed

	values map[string]Value // by name
	names  []string         // of values, in the order in which errors list them
}

// Unreadable is the state of a run that cannot be read.
const Unreadable = "unreadable"

// Failed is the state of a cell of a sweep whose training cannot come to an end, in place of
// run.Stopped.
const Failed run.State = "failed"

// Open lists the runs below a folder, or the one that the folder is (see run.Find), in the order
// in which they began; those that cannot be read come last. An error is that of listing the
// folder.
func Open(dir string) (*List, error) {
	dirs, err := run.Find(dir)
	if err != nil {
		return nil, err
	}
	failures := failuresOf(dirs)
	l := &List{Dir: dir, Runs: make([]*Run, len(dirs))}
	var next atomic.Int64
	var readers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(dirs)) {
		readers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(dirs) {
					return
				}
				l.Runs[i] = read(dir, dirs[i], failures[i])
			}
		})
	}
	readers.Wait()
	slices.SortStableFunc(l.Runs, func(a, b *Run) int {
		if a.Err != nil || b.Err != nil {
			return lastIf(a.Err != nil) - lastIf(b.Err != nil)
		}
		return a.Sessions[0].Started.Compare(b.Sessions[0].Started)
	})
	return l, nil
}

// failuresOf are the reasons of those runs that are cells which have failed, "" of others. Cells of a
// sweep that cannot be read have none: they tell of themselves.
func failuresOf(dirs []string) []string {
	reasons, sweeps := make([]string, len(dirs)), map[string]map[string]string{}
	for i, dir := range dirs {
		abs, err := filepath.Abs(dir)
		if err != nil {
			continue
		}
		parent, cell := filepath.Split(abs)
		failed, known := sweeps[parent]
		if !known {
			failed, _ = sweep.Failures(parent)
			sweeps[parent] = failed
		}
		reasons[i] = failed[cell]
	}
	return reasons
}

func read(root, dir, failure string) *Run {
	name, err := filepath.Rel(root, dir)
	if err != nil || name == "." {
		name = filepath.Base(dir)
	}
	r := &Run{Name: filepath.ToSlash(name)}
	r.Summary, r.Err = run.ReadSummary(dir)
	if failure != "" && r.Err == nil && r.State == run.Stopped {
		r.State, r.Failure = Failed, failure
	}
	r.collect()
	return r
}

// Readable are the runs that can be read.
func (l *List) Readable() (some []*Run) {
	for _, r := range l.Runs {
		if r.Err == nil {
			some = append(some, r)
		}
	}
	return some
}

// Differing are the names, as for Run.Get, of the settings that are not the same in all runs, in
// the order of run.json. It leaves out those that runs are not told apart by (run.Incidental), and
// epochs, of which each run tells how many are done.
func (l *List) Differing() (names []string) {
	readable := l.Readable()
	if len(readable) == 0 {
		return nil
	}
	for name := range readable[0].Settings.All() {
		if name == "epochs" || run.Incidental(name) {
			continue
		}
		column := renamed(name, settingNames)
		spelled := func(r *Run) string { return canonical(column, r.values[column].Text) }
		if slices.ContainsFunc(readable, func(r *Run) bool { return spelled(r) != spelled(readable[0]) }) {
			names = append(names, column)
		}
	}
	return names
}

// canonical is one spelling for all that mean the same: prelu is prelu:element.
func canonical(name, value string) string {
	if name != "act" {
		return value
	}
	act, err := activation.Parse(value)
	if err != nil {
		return value // that of a run of a newer gonn, or of a program with functions of its own
	}
	return act.String()
}
