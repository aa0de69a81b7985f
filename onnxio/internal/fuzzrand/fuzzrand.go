// Package fuzzrand lets the bytes of a fuzz input make the choices of a generator: the fuzzer
// changes one byte, and with it one choice.
package fuzzrand

import "math/rand/v2"

// New gives random numbers whose leading bits are the bytes of b, one a number. Further
// numbers are pseudo-random.
//
// Only what looks at leading bits, as IntN of small ranges does, is a choice. Values, of which
// there are many, should come from elsewhere, so that they do not use up the bytes.
func New(b []byte) *rand.Rand { return rand.New(&source{b, Values()}) }

// Values are the same pseudo-random numbers every time.
func Values() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

type source struct {
	left []byte
	then *rand.Rand
}

func (s *source) Uint64() uint64 {
	v := s.then.Uint64()
	if len(s.left) == 0 {
		return v
	}
	v = uint64(s.left[0])<<56 | v>>8
	s.left = s.left[1:]
	return v
}
