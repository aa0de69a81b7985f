package train

// Lowest is the lowest monitored loss of a training so far (EpochMetrics.Monitored).
type Lowest struct {
	Loss  float64
	Epoch int // from 1; 0 before the first
}

// see takes an epoch into account and reports whether it was better than all before, by
// more than minDelta.
func (l *Lowest) see(m EpochMetrics, minDelta float64) bool {
	_, loss := m.Monitored()
	if l.Epoch > 0 && !(loss < l.Loss-minDelta) {
		return false
	}
	*l = Lowest{loss, m.Epoch}
	return true
}
