package run

import (
	"math"
	"path/filepath"
	"time"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/filelock"
)

// Summary is what run.json tells of a run: all but its network, whose files are not read.
type Summary struct {
	Dir      string
	Settings Settings
	Sessions []Machine // at least one
	Result   *Result   // nil if the training has not come to its end
	// Metrics are those of the epochs that are done. Of a run of schema 1, which has them in
	// metrics.csv, there are none.
	Metrics []train.EpochMetrics
	State   State
	PID     int // of the process that trains it; 0 if none does, or it is not known
}

// State is how far a run has come.
type State string

// The states of a run.
const (
	Imported State = "imported" // from a file, and not trained yet
	Training State = "training" // by a process that has it locked
	Stopped  State = "stopped"  // before the end, by a user, an error or a crash; it may be resumed
	Finished State = "finished"
)

// ReadSummary reads a run.json. It writes nothing and takes no lock, so a run may be read while it
// trains. The errors are those of Open in reading run.json.
func ReadSummary(dir string) (*Summary, error) {
	// The lock comes first: a run that ends meanwhile is finished, and not stopped.
	pid, training := filelock.Held(filepath.Join(dir, lockFile))
	r, err := readRecord(dir)
	if err != nil {
		return nil, err
	}
	s := &Summary{Dir: dir, Settings: r.Settings, Sessions: r.Sessions, Result: r.Result, Metrics: r.History, State: Stopped}
	switch {
	case r.Result != nil:
		s.State = Finished
	case training:
		s.State, s.PID = Training, pid
	case r.Settings.DataSHA256 == "" && len(r.History) == 0:
		s.State = Imported
	}
	return s, nil
}

// Epochs is the number of epochs that are done.
func (s *Summary) Epochs() int { return lastEpoch(s.Metrics) }

// Best is the epoch with the lowest monitored loss (train.EpochMetrics.Monitored), the first of
// equal ones; false if no epoch is done.
func (s *Summary) Best() (best train.EpochMetrics, ok bool) {
	var lowest train.Lowest
	for _, m := range s.Metrics {
		if lowest.See(m, 0) {
			best, ok = m, true
		}
	}
	return best, ok
}

// Time is what the epochs took that are done. After a resume within an epoch that one counts from
// there.
func (s *Summary) Time() time.Duration {
	sum := 0.0
	for _, m := range s.Metrics {
		if seconds, ok := m.Get("seconds"); ok && seconds > 0 {
			sum += seconds
		}
	}
	if sum > math.MaxInt64/float64(time.Second) {
		return math.MaxInt64
	}
	return time.Duration(sum * float64(time.Second))
}
