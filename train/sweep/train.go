package sweep

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Options say how a session trains. None of them changes a result.
type Options struct {
	Jobs    int // cells at the same time, 0 for as many as are fastest and fit in memory
	Workers int // goroutines of each, 0 to share the processors out
	// Callbacks, if not nil, gives a cell's training more callbacks. It may be called
	// by several goroutines; of the functions below one is called at a time.
	Callbacks func(*Cell) []train.Callback
	// Ended, if not nil, is called when a cell is finished or has failed.
	Ended func(*Cell)
	// Note, if not nil, is told what a user should know of the data and of cells, each thing once.
	Note func(string)
}

// Chosen are the cells that Only chooses, in the order in which they are trained.
func (s *Session) Chosen() (list []*Cell) {
	for _, c := range s.cells() {
		if s.Only == nil || s.Only(c) {
			list = append(list, c)
		}
	}
	return list
}

// Todo are the chosen cells that are neither finished nor failed.
func (s *Session) Todo() []*Cell {
	return slices.DeleteFunc(s.Chosen(), func(c *Cell) bool { return c.State == Finished || c.State == Failed })
}

// Run trains the chosen cells that are neither finished nor failed. When ctx is done it stops within a
// batch, saves, and returns ctx's error. Any other error is one of the system or of a damaged run;
// it ends the session, and the sweep can be resumed.
func (s *Session) Run(ctx context.Context, o Options) error {
	todo := s.Todo()
	jobs, workers := s.Plan(o)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan *Cell)
	var group sync.WaitGroup
	for range jobs {
		group.Go(func() {
			for c := range queue {
				if ctx.Err() != nil {
					return
				}
				err := s.train(ctx, c, workers, o)
				if err == nil {
					err = s.end(c, o)
				}
				if err != nil {
					stop(err)
					return
				}
			}
		})
	}
	for _, c := range todo {
		select {
		case queue <- c:
		case <-ctx.Done():
		}
	}
	close(queue)
	group.Wait()
	return context.Cause(ctx)
}

// end records what has become of a cell.
func (s *Session) end(c *Cell, o Options) error {
	s.telling.Lock()
	defer s.telling.Unlock()
	if c.Failure != "" {
		s.failed[c.Name] = c.Failure
		if err := s.record().write(s.Dir); err != nil {
			return err
		}
	}
	if err := s.read(c); err != nil {
		return err
	}
	if err := s.checkSources(); err != nil {
		return err
	}
	if o.Ended != nil {
		o.Ended(c)
	}
	return nil
}

// record is what sweep.json says of the sweep.
func (s *Sweep) record() record {
	r := record{Grid: s.Grid}
	for _, c := range s.cells() {
		if reason, failed := s.failed[c.Name]; failed {
			r.Failed = append(r.Failed, failure{c.Name, reason})
		}
	}
	return r
}

// train trains a cell to its end. If that cannot be because of numbers that are not finite, or of
// settings that do not go together, the cell has a Failure and there is no error.
func (s *Session) train(ctx context.Context, c *Cell, workers int, o Options) (err error) {
	t, err := s.begin(c, workers)
	if unfit(err) {
		c.Failure = err.Error()
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	s.note(t.Notes, o)
	callbacks := []train.Callback{train.Interrupt(ctx)}
	if o.Callbacks != nil {
		callbacks = append(callbacks, o.Callbacks(c)...)
	}
	if _, err = t.Run(callbacks...); err == nil && ctx.Err() == nil {
		_, _, err = t.Finish()
	}
	if bad := (*train.NonFiniteError)(nil); errors.As(err, &bad) {
		c.Failure = reason(err)
		return nil
	}
	if err == nil {
		err = context.Cause(ctx)
	}
	return err
}

// unfit reports whether an error is about settings that do not go with each other or with the data.
// A file that is not there may come back.
func unfit(err error) bool {
	var e *recipe.SettingError
	return errors.As(err, &e) && e.Setting != "data" && e.Setting != "net"
}

// note tells what has not been told.
func (s *Session) note(notes []string, o Options) {
	s.telling.Lock()
	defer s.telling.Unlock()
	for _, n := range notes {
		if o.Note != nil && !s.noted[n] {
			s.noted[n] = true
			o.Note(n)
		}
	}
}

// reason is what recipe says of a training that has failed, without the folder in front.
func reason(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		return inner.Error()
	}
	return err.Error()
}

// begin creates the run of a cell, or opens it to go on.
func (s *Session) begin(c *Cell, workers int) (*recipe.Training, error) {
	change := func(set *run.Settings) error {
		set.Gonn, set.Workers = s.Gonn, workers
		if !s.Grid.Sweeps("data") {
			set.DataPath = s.Grid.Settings.DataPath // which may have moved
		}
		return nil
	}
	if begun(c.Dir) {
		return s.open.Resume(c.Dir, change)
	}
	settings := c.Settings
	if err := change(&settings); err != nil {
		return nil, err
	}
	t, err := s.open.New(settings)
	if err != nil {
		return nil, err
	}
	if err := t.Create(c.Dir); err != nil {
		if entries, there := os.ReadDir(c.Dir); there == nil && len(entries) > 0 {
			err = fmt.Errorf("%w; or move %s away, to train this cell anew", err, c.Dir)
		}
		return t, err
	}
	return t, nil
}
