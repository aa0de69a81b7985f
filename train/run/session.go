package run

import (
	"fmt"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/filelock"
)

// Session is a run that is being trained, from Create or Resume until Close. There is one
// at a time: the run is locked, and a process that ends, however it ends, leaves it
// unlocked.
type Session struct {
	Dir      string
	Settings Settings
	// Network is what train.Fit gets, with the last parameters.
	Network *nn.Network

	parts
	lock        *filelock.Lock
	closed      bool
	failed      error // what has left a checkpoint half-way
	record      *record
	early       *train.EarlyStopping
	best        *train.Best
	position    train.Position // of the last checkpoint
	lr          float64        // a callback or the schedule may have changed it
	base        float64        // what the schedule starts from; a plateau may have lowered it
	history     []train.EpochMetrics
	bestNet     *nn.Network // for export, made when it is first needed
	differences []string
}

// Create makes the folder of a run, or takes an empty one, and writes its files for the
// network as it is: with the values that training starts from, and the parameters that are
// frozen. A folder with anything in it is refused, and so is one that cannot be written;
// but what a killed process has left is taken, as long as nothing has been trained. After an
// error there is no run, unless the error says what could not be removed.
func Create(dir string, set Settings, net *nn.Network) (*Session, error) {
	if err := set.Check(); err != nil {
		return nil, fmt.Errorf("new run %s: %w", dir, err)
	}
	if set.NetPath != "" {
		set.NetSHA256 = checksum(net)
	}
	s, err := newSession(dir, &record{Settings: set, Frozen: frozen(net)}, net)
	if err != nil {
		return nil, fmt.Errorf("new run %s: %w", dir, err)
	}
	if err := s.claim(); err != nil {
		return nil, err
	}
	if err := s.begin(); err != nil {
		if stays := s.discard(); stays != nil {
			err = fmt.Errorf("%w; what was written of it cannot be removed: %w", err, stays)
		}
		return nil, err
	}
	return s, nil
}

// Resume goes on with a run. change, if not nil, may give it other Epochs, Patience,
// RestoreBest, Metrics, Workers, TensorBoard and Histograms, and another DataPath, for data
// that were moved; what else it changes is an error, and so are fewer Epochs than are done. As
// many as are done are no error: Fit finds nothing to do. A run that cannot be read or changed
// so is left as it is, and after an error in writing it stands at its last checkpoint. If the
// run has a session already, that is a *LockedError.
func Resume(dir string, change func(*Settings) error) (*Session, error) {
	if _, err := readRecord(dir); err != nil { // a folder of something else gets no lock
		return nil, err
	}
	l, err := take("resume", dir)
	if err != nil {
		return nil, err
	}
	s, err := resume(dir, change)
	if err != nil {
		l.Release()
		return nil, err
	}
	s.lock = l
	return s, nil
}

// resume is Resume for a run that is locked.
func resume(dir string, change func(*Settings) error) (*Session, error) {
	s, err := load(dir)
	if err != nil {
		return nil, err
	}
	changed := s.Settings
	if change != nil {
		if err := change(&changed); err != nil {
			return nil, err
		}
	}
	if err := s.checkChange(changed); err != nil {
		return nil, fmt.Errorf("resume %s: %w", dir, err)
	}
	if err := changed.Check(); err != nil {
		return nil, fmt.Errorf("resume %s: %w", dir, err)
	}
	if s.metrics, err = changed.newMetrics(s.Network, s.metrics...); err != nil {
		return nil, fmt.Errorf("resume %s: %w", dir, err)
	}
	s.Settings = changed
	if err := checkTable(dir); err != nil {
		return nil, fmt.Errorf("resume %s: %w", dir, err)
	}
	if err := s.record.settle(dir); err != nil {
		return nil, fmt.Errorf("resume %s: %w", dir, err)
	}
	if err := s.begin(); err != nil {
		return nil, err
	}
	return s, nil
}

// checkChange is an error if a resumed run cannot have the settings.
func (s *Session) checkChange(changed Settings) error {
	if err := s.Settings.checkChange(changed); err != nil {
		return err
	}
	p := s.position
	if p.Epoch < changed.Epochs || p.Epoch == changed.Epochs && p.Step == 0 {
		return nil
	}
	done := fmt.Sprintf("%d epochs are", p.Epoch)
	if p.Epoch == 1 {
		done = "1 epoch is"
	}
	if p.Step > 0 {
		return fmt.Errorf("%s done and one is begun; --epochs %d is less: ask for at least %d", done, changed.Epochs, p.Epoch+1)
	}
	return fmt.Errorf("%s done; --epochs %d is less: ask for at least %d", done, changed.Epochs, p.Epoch)
}

// newSession is a training at its beginning, without files.
func newSession(dir string, r *record, net *nn.Network) (*Session, error) {
	s := &Session{Dir: dir, Settings: r.Settings, Network: net, record: r, best: &train.Best{}, early: &train.EarlyStopping{}}
	var err error
	if s.parts, err = s.Settings.parse(net); err != nil {
		return nil, err
	}
	s.base = s.Settings.LR
	net.SetFastConv(s.Settings.FastConv)
	return s, checkKink(net, s.kink)
}

// load reads the files of a run. If a process that trains it has written the next ones
// meanwhile, it reads these.
func load(dir string) (*Session, error) {
	for try := 1; ; try++ {
		r, err := readRecord(dir)
		if err != nil {
			return nil, err
		}
		s, err := r.load(dir)
		if err == nil || try == 100 {
			return s, err
		}
		if !r.superseded(dir) {
			return nil, err
		}
	}
}

// load reads the files that belong to the record.
func (r *record) load(dir string) (*Session, error) {
	kink, err := op.ParseSemantics(r.Settings.Kink)
	if err != nil {
		return nil, fmt.Errorf("%s: kink: %w", filepath.Join(dir, recordFile), err)
	}
	net, err := r.readModel(dir, kink)
	if err != nil {
		return nil, err
	}
	if err := freeze(net, r.Frozen); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, recordFile), err)
	}
	s, err := newSession(dir, r, net)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, recordFile), err)
	}
	if err := s.readState(); err != nil {
		return nil, err
	}
	if r.Schema >= 2 {
		s.history = r.History
	} else if s.history, err = readMetrics(dir, s.position.Epoch); err != nil {
		return nil, err
	}
	if err := s.checkState(); err != nil {
		return nil, s.inState(err)
	}
	return s, nil
}

// begin writes what a session begins with, so that a folder that cannot be written is found
// before the training, and derived files agree with the state.
func (s *Session) begin() error {
	now := thisMachine()
	if n := len(s.record.Sessions); n > 0 {
		s.differences = now.differences(s.record.Sessions[n-1])
	}
	s.record.Sessions = append(s.record.Sessions, now)
	s.record.Result = nil // that of an earlier, shorter training
	return s.save()
}

// Differences lists how this program and its kernels differ from those of the session before, as
// in "kernels avx2, before avx512": the run may end with other bytes than in one go.
func (s *Session) Differences() []string { return s.differences }

// save writes a checkpoint.
func (s *Session) save() error {
	if err := s.over(); err != nil {
		return err
	}
	r := *s.record
	r.Settings, r.History = s.Settings, s.history
	err := s.commit(r, map[string]func() ([]byte, error){stateFile: s.encodeState, modelFile: s.encodeModel})
	if err != nil {
		return err
	}
	return s.writeMetrics()
}

// Finish records how the trained network does.
func (s *Session) Finish(r Result) error {
	if err := s.over(); err != nil {
		return err
	}
	finished := *s.record
	finished.Result = &r
	if err := finished.replace(s.Dir); err != nil {
		return err
	}
	s.record = &finished
	return nil
}

// Position is where the training stood at the last checkpoint.
func (s *Session) Position() train.Position { return s.position }

// Metrics are those of all epochs so far, also before a resume.
func (s *Session) Metrics() []train.EpochMetrics { return s.history }
