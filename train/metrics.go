package train

// EpochMetrics sums up one epoch.
type EpochMetrics struct {
	Epoch int // from 1
	// Loss and Accuracy are means over the epoch's samples, each as its batch saw it
	// before the update: Keras's running means. An evaluation afterwards usually gives
	// a lower loss.
	Loss, Accuracy float64
	// Validated reports whether there was validation data; without it ValLoss and
	// ValAccuracy are 0.
	Validated            bool
	ValLoss, ValAccuracy float64
	// LR is the learning rate of the epoch's last step; 0 if it is not known, because
	// the epoch was read from the table of an older run.
	LR float64
	// Seconds is the time that the epoch took, validation included. After a resume
	// within an epoch it is the time since then.
	Seconds float64
	// SamplesPerSecond is the speed of training, validation not included.
	SamplesPerSecond float64
}

// Monitored is the loss that says whether an epoch was better: the validation loss,
// or without validation data the training loss.
func (m EpochMetrics) Monitored() (name string, loss float64) {
	if m.Validated {
		return "val_loss", m.ValLoss
	}
	return "loss", m.Loss
}

// History is what Fit did.
type History struct {
	// Epochs are those that Fit finished, without those before Config.Start.
	Epochs []EpochMetrics
	// Position is where Fit stopped: Config.Start for going on.
	Position Position
	// Stopped says why training ended before its last epoch; "" if it did not.
	Stopped string
}
