package train

import "math"

// Lowest is the lowest monitored loss of a training so far (EpochMetrics.Monitored).
type Lowest struct {
	Loss  float64
	Epoch int // from 1; 0 before the first
}

// See takes an epoch into account and reports whether it was better than all before, by
// more than minDelta. Any loss is better than NaN.
func (l *Lowest) See(m EpochMetrics, minDelta float64) bool {
	_, loss := m.Monitored()
	better := loss < l.Loss-minDelta || math.IsNaN(l.Loss) && !math.IsNaN(loss)
	if l.Epoch > 0 && !better {
		return false
	}
	*l = Lowest{loss, m.Epoch}
	return true
}
