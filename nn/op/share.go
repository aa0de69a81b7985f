package op

// Share is share I of N of some work, 0 ≤ I < N.
type Share struct{ I, N int }

// Whole is all of the work.
var Whole = Share{0, 1}

// Of is the range lo…hi−1 of total items that the share does.
func (s Share) Of(total int) (lo, hi int) { return s.I * total / s.N, (s.I + 1) * total / s.N }

// Cut is the share's part of v, which is divided by channels, the first axis.
func (s Share) Cut(v []float32, channels int) []float32 {
	lo, hi := s.Of(channels)
	each := len(v) / channels
	return v[lo*each : hi*each]
}
