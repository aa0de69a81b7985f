package run

import "github.com/gonn-toolkit/gonn/train"

// Config is what train.Fit needs to train the session's network from where it stands, record
// its metrics, save it after each epoch and when a callback stops it, and restore the best
// parameters in the end if the run does so. The caller adds Validation, and callbacks: at the end
// of the list, or in front if they log values that the run is to keep. Those of beforeSave are
// told of an epoch when its metrics are recorded and it is not saved yet.
func (s *Session) Config(beforeSave ...train.Callback) train.Config {
	s.early.Patience = s.Settings.Patience
	if s.Settings.Patience > 0 { // epochs that were trained without it count too
		s.early.Lowest, s.early.Waited = train.Lowest{}, 0
		for _, m := range s.history {
			s.early.See(m)
		}
	}
	s.best.Restore = s.Settings.RestoreBest
	var callbacks []train.Callback
	for _, m := range s.metrics {
		callbacks = append(callbacks, m.Metric) // which may be an Observer
	}
	if s.Settings.Patience > 0 {
		callbacks = append(callbacks, s.early)
	}
	// The checkpoint comes after what it saves. Training ends in reverse order, so it
	// has saved the last parameters when the best ones are restored.
	callbacks = append(callbacks, s.best)
	callbacks = append(callbacks, beforeSave...)
	callbacks = append(callbacks, &checkpoint{session: s})
	return train.Config{
		Loss:      s.loss,
		Optimizer: s.optimizer,
		Schedule:  s.schedule,
		LR:        s.base,
		Clip:      s.clip,
		Epochs:    s.Settings.Epochs,
		Batch:     s.Settings.Batch,
		Seed:      s.Settings.Seed,
		Workers:   s.Settings.Workers,
		Callbacks: callbacks,
		Start:     s.position,
	}
}

// checkpoint saves a session.
type checkpoint struct {
	train.Base
	session *Session
}

// TrainBegin refuses to train what could not be saved.
func (c *checkpoint) TrainBegin(*train.State) error {
	return c.session.over()
}

func (c *checkpoint) EpochEnd(st *train.State) error {
	c.session.history = append(c.session.history, st.Last())
	return c.save(st)
}

// TrainEnd saves a training that stops within an epoch. One that failed keeps its last
// checkpoint.
func (c *checkpoint) TrainEnd(st *train.State) error {
	if st.Err != nil || st.Position == c.session.position {
		return nil
	}
	return c.save(st)
}

func (c *checkpoint) save(st *train.State) error {
	c.session.position, c.session.base = st.Position, st.LR
	return c.session.save()
}
