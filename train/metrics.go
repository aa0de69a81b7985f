package train

import (
	"fmt"
	"math"
	"slices"
)

// EpochMetrics are the metrics of one epoch, in the order in which they were recorded. Fit
// records these, and callbacks add others (State.Log):
//
//	loss, accuracy          means over the epoch's samples, each as its batch saw it before
//	                        the update: Keras's running means. An evaluation afterwards
//	                        usually gives a lower loss
//	val_loss, val_accuracy  after the epoch, if there is validation data
//	lr                      the learning rate of the epoch's last step
//	seconds                 the time that the epoch took, validation included, to 10⁻⁶.
//	                        After a resume within an epoch it is the time since then
//	samples_per_s           the speed of training, validation not included, to 0.1
//
// The same name over all epochs is a series. An epoch need not have a value of each: older
// runs did not record lr.
type EpochMetrics struct {
	Epoch  int     // from 1
	Values []Value // no name twice
}

// Value is the value of a metric.
type Value struct {
	Name  string
	Value float64
}

// Get returns the value with a name, and whether there is one.
func (m EpochMetrics) Get(name string) (v float64, ok bool) {
	i := slices.IndexFunc(m.Values, func(v Value) bool { return v.Name == name })
	if i < 0 {
		return 0, false
	}
	return m.Values[i].Value, true
}

// The metrics that Fit records; NaN if the epoch has none.

func (m EpochMetrics) Loss() float64             { return m.orNaN("loss") }
func (m EpochMetrics) Accuracy() float64         { return m.orNaN("accuracy") }
func (m EpochMetrics) ValLoss() float64          { return m.orNaN("val_loss") }
func (m EpochMetrics) ValAccuracy() float64      { return m.orNaN("val_accuracy") }
func (m EpochMetrics) LR() float64               { return m.orNaN("lr") }
func (m EpochMetrics) Seconds() float64          { return m.orNaN("seconds") }
func (m EpochMetrics) SamplesPerSecond() float64 { return m.orNaN("samples_per_s") }

func (m EpochMetrics) orNaN(name string) float64 {
	if v, ok := m.Get(name); ok {
		return v
	}
	return math.NaN()
}

// Validated reports whether there was validation data.
func (m EpochMetrics) Validated() bool {
	_, ok := m.Get("val_loss")
	return ok
}

// Monitored is the loss that says whether an epoch was better: the validation loss,
// or without validation data the training loss.
func (m EpochMetrics) Monitored() (name string, loss float64) {
	if m.Validated() {
		return "val_loss", m.ValLoss()
	}
	return "loss", m.Loss()
}

// add records one more value.
func (m *EpochMetrics) add(name string, value float64) error {
	if name == "" || name == "epoch" {
		return fmt.Errorf("a metric cannot have the name %q", name)
	}
	if _, ok := m.Get(name); ok {
		return fmt.Errorf("the metric %q is recorded twice in an epoch", name)
	}
	m.Values = append(m.Values, Value{name, value})
	return nil
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
