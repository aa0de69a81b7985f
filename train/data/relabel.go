package data

import "github.com/gonn-toolkit/gonn/nn"

// Relabelled is a view of a set whose classes have other numbers.
type Relabelled struct {
	nn.Samples
	to      []int
	classes int
}

// Relabel is a set in which class k is class to[k] of classes, which may be more than
// the set has.
func Relabel(s nn.Samples, to []int, classes int) *Relabelled { return &Relabelled{s, to, classes} }

// Classes is the number of classes that the labels are out of.
func (r *Relabelled) Classes() int { return r.classes }

// Label is the class of sample i.
func (r *Relabelled) Label(i int) int { return r.to[r.Samples.Label(i)] }

// Group is the group of sample i.
func (r *Relabelled) Group(i int) int { return groupOf(r.Samples, i) }

// AtEpoch is the view of the set as epoch n reads it.
func (r *Relabelled) AtEpoch(n int) nn.Samples {
	return &Relabelled{AtEpoch(r.Samples, n), r.to, r.classes}
}
