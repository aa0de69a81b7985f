package run

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train"
)

// checkState finds numbers of a state that no training comes to, or that contradict run.json.
func (s *Session) checkState() error {
	p := s.position
	steps := s.optimizer.State().Steps
	switch {
	case p.Epoch < 0 || p.Epoch > s.Settings.Epochs:
		return fmt.Errorf("epoch is %d, and epochs is %d in %s", p.Epoch, s.Settings.Epochs, recordFile)
	case p.Step < 0 || p.Step > 0 && p.Epoch == s.Settings.Epochs:
		return fmt.Errorf("step is %d after epoch %d of %d", p.Step, p.Epoch, s.Settings.Epochs)
	case p.Epoch == 0 && steps != p.Step || steps < p.Epoch || steps-p.Epoch < p.Step:
		return fmt.Errorf("optimizer_steps is %d after epoch %d, step %d", steps, p.Epoch, p.Step)
	case !(s.lr >= 0) || math.IsInf(s.lr, 0):
		return fmt.Errorf("lr is %v, need a finite number from 0", s.lr)
	}
	if done := lastEpoch(s.history); (done > 0 || s.record.whole()) && done != p.Epoch {
		return fmt.Errorf("epoch is %d, and the history of %s has %d", p.Epoch, recordFile, done)
	}
	if err := s.checkRunning(); err != nil {
		return err
	}
	if err := s.checkLowest(); err != nil {
		return err
	}
	return s.checkPlateau()
}

// checkRunning finds sums that are not of the steps of the epoch at hand. The last step of an epoch
// may have fewer samples than a batch.
func (s *Session) checkRunning() error {
	p := s.position
	r := p.Running
	most := float64(p.Step) * float64(s.Settings.Batch)
	n := float64(r.Samples)
	switch {
	case p.Step == 0 && r != train.Position{}.Running:
		return fmt.Errorf("running_samples is %d, running_correct %d, running_loss_sum %v, running_weight %v, need 0 before the first step of an epoch",
			r.Samples, r.Correct, r.LossSum, r.Weight)
	case p.Step > 0 && !(n <= most && n > most-float64(s.Settings.Batch)):
		return fmt.Errorf("running_samples is %d after %d steps of %d", r.Samples, p.Step, s.Settings.Batch)
	case r.Correct < 0 || r.Correct > r.Samples:
		return fmt.Errorf("running_correct is %d of %d samples", r.Correct, r.Samples)
	case math.IsNaN(r.LossSum) || math.IsInf(r.LossSum, 0):
		return fmt.Errorf("running_loss_sum is %v, need a finite number", r.LossSum)
	case !(r.Weight >= 0) || math.IsInf(r.Weight, 0):
		return fmt.Errorf("running_weight is %v, need a finite number from 0", r.Weight)
	}
	return nil
}

// checkLowest finds best epochs that the training did not have.
func (s *Session) checkLowest() error {
	best, early := s.best.Lowest, s.early.Lowest
	switch {
	case best.Epoch < 0 || best.Epoch > s.position.Epoch:
		return fmt.Errorf("best_epoch is %d after epoch %d", best.Epoch, s.position.Epoch)
	case early.Epoch < 0 || early.Epoch > s.position.Epoch:
		return fmt.Errorf("early_stopping_epoch is %d after epoch %d", early.Epoch, s.position.Epoch)
	case s.early.Waited < 0 || s.early.Waited > s.position.Epoch:
		return fmt.Errorf("early_stopping_waited is %d after epoch %d", s.early.Waited, s.position.Epoch)
	}
	for _, l := range []struct {
		name string
		loss float64
	}{{"best_loss", best.Loss}, {"early_stopping_loss", early.Loss}} {
		if math.IsNaN(l.loss) || math.IsInf(l.loss, 0) {
			return fmt.Errorf("%s is %v, need a finite number", l.name, l.loss)
		}
	}
	if err := checkBest(best.Epoch, s.history, s.record.whole()); err != nil {
		return fmt.Errorf("best_epoch is %w", err)
	}
	return nil
}

// checkPlateau finds what no plateau remembers, if the schedule has one.
func (s *Session) checkPlateau() error {
	p := optim.PlateauOf(s.schedule)
	switch {
	case p == nil:
		return nil
	case !(s.base > 0) || s.base > s.Settings.LR:
		return fmt.Errorf("plateau_lr is %v, and lr is %v in %s", s.base, s.Settings.LR, recordFile)
	case p.Epochs != s.position.Epoch:
		return fmt.Errorf("plateau_epochs is %d after epoch %d", p.Epochs, s.position.Epoch)
	case p.Waited < 0 || p.Waited > p.Epochs:
		return fmt.Errorf("plateau_waited is %d after epoch %d", p.Waited, p.Epochs)
	case p.Cooling < 0 || p.Cooling > p.Cooldown:
		return fmt.Errorf("plateau_cooling is %d, and the schedule cools down for %d epochs", p.Cooling, p.Cooldown)
	case p.Epochs > 0 && (math.IsNaN(p.Best) || math.IsInf(p.Best, 0)):
		return fmt.Errorf("plateau_loss is %v, need a finite number", p.Best)
	}
	return nil
}
