package train

import (
	"fmt"
	"math"
)

// limits are what the metrics that Fit records can be, NaN never.
var limits = []struct {
	name      string
	low, high float64
	need      string
}{
	{"loss", -math.MaxFloat64, math.MaxFloat64, "a finite number"},
	{"accuracy", 0, 1, "a share from 0 to 1"},
	{"val_loss", -math.MaxFloat64, math.MaxFloat64, "a finite number"},
	{"val_accuracy", 0, 1, "a share from 0 to 1"},
	{"lr", 0, math.MaxFloat64, "a finite number from 0"},
	{"seconds", 0, math.MaxFloat64, "a finite number from 0"},
	{"samples_per_s", 0, math.MaxFloat64, "a finite number from 0"},
}

// Check finds metrics that no training records: of those of Fit it knows what they can be, and
// others can be any number. An epoch without some of them is right.
func (m EpochMetrics) Check() error {
	if m.Epoch < 1 {
		return fmt.Errorf("epoch is %d, need a number from 1", m.Epoch)
	}
	for _, l := range limits {
		if v, ok := m.Get(l.name); ok && !(v >= l.low && v <= l.high) {
			return fmt.Errorf("%s is %v, need %s", l.name, v, l.need)
		}
	}
	_, loss := m.Get("val_loss")
	if _, accuracy := m.Get("val_accuracy"); loss != accuracy {
		return fmt.Errorf("it has one of val_loss and val_accuracy, need both or none")
	}
	return nil
}
