package train

import "context"

// Interrupted is the reason of a training that Interrupt stopped, in History.Stopped.
const Interrupted = "interrupted"

// Interrupt stops a training after the batch during which ctx is done: with
// signal.NotifyContext, after the first Ctrl-C.
func Interrupt(ctx context.Context) Callback { return interrupt{ctx: ctx} }

type interrupt struct {
	Base
	ctx context.Context
}

func (i interrupt) TrainBegin(s *State) error { return i.look(s) }
func (i interrupt) BatchEnd(s *State) error   { return i.look(s) }
func (i interrupt) EpochEnd(s *State) error   { return i.look(s) }

func (i interrupt) look(s *State) error {
	if i.ctx.Err() != nil {
		s.Stop(Interrupted)
	}
	return nil
}
