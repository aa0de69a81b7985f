package data

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// Pictures is a labelled set that has a checksum of all it gives a network.
type Pictures interface {
	nn.Samples
	SHA256() string
}

// Set is a training set and a test set of the same shape and classes, under
// the name by which a user asks for them.
type Set struct {
	Name        string
	Train, Test nn.Samples
	Val         nn.Samples // for validation; nil if the data has no such part of its own
	SHA256      string     // of all sets of pictures, before any Limit
	ClassNames  ClassNames
	Notes       []string // what a user should know about the reading, a line each; few
}

// NewSet pairs two sets of pictures. It is an error if their shapes or numbers
// of classes differ.
func NewSet(name string, train, test Pictures) (*Set, error) {
	if !train.Shape().Equal(test.Shape()) {
		return nil, fmt.Errorf("%s: training pictures of shape %v and test pictures of shape %v; need the same",
			name, train.Shape(), test.Shape())
	}
	if train.Classes() != test.Classes() {
		return nil, fmt.Errorf("%s: %d classes for training and %d for testing; need the same",
			name, train.Classes(), test.Classes())
	}
	return &Set{Name: name, Train: train, Test: test, SHA256: sumOf(train, test)}, nil
}

func sumOf(sets ...Pictures) string {
	all := ""
	for _, s := range sets {
		all += s.SHA256()
	}
	sum := sha256.Sum256([]byte(all))
	return hex.EncodeToString(sum[:])
}

// NewInvertedSet pairs two sets of pictures, each doubled by its inverse.
func NewInvertedSet(name string, train, test *Images) (*Set, error) {
	s, err := NewSet(name, train, test)
	if err != nil {
		return nil, err
	}
	s.Train, s.Test = Inverted(train), Inverted(test)
	return s, nil
}

// Limit is the set with at most n samples for each part; 0 means all.
func (s *Set) Limit(n int) *Set {
	return s.each(func(part nn.Samples) nn.Samples { return Limit(part, n) })
}

// each is the set with every part changed.
func (s *Set) each(change func(nn.Samples) nn.Samples) *Set {
	changed := *s
	changed.Train, changed.Test = change(s.Train), change(s.Test)
	if s.Val != nil {
		changed.Val = change(s.Val)
	}
	return &changed
}
