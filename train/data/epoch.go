package data

import "github.com/gonn-toolkit/gonn/nn"

// Epochal is a set that reads otherwise in every epoch, as random changes of its
// samples make it. Their number, shape and labels stay.
type Epochal interface {
	nn.Samples
	// AtEpoch is the set as epoch n (from 0) reads it.
	AtEpoch(n int) nn.Samples
}

// AtEpoch is a set as epoch n (from 0) reads it: itself if it is not Epochal. A
// training asks for it at the beginning of each epoch.
func AtEpoch(s nn.Samples, n int) nn.Samples {
	if e, ok := s.(Epochal); ok {
		return e.AtEpoch(n)
	}
	return s
}
