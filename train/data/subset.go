package data

import (
	"slices"
	"sync"

	"github.com/gonn-toolkit/gonn/nn"
)

// Grouped is a set whose samples belong together in groups, such as a digit
// and its inverse: Limit and Split keep a group on one side. In a set that is
// not Grouped every sample is on its own.
type Grouped interface {
	nn.Samples
	// Group is the group of sample i.
	Group(i int) int
}

func groupOf(s nn.Samples, i int) int {
	if g, ok := s.(Grouped); ok {
		return g.Group(i)
	}
	return i
}

// groupsOf lists the samples of each group, the groups in the order of their
// first sample.
func groupsOf(s nn.Samples) [][]int {
	var groups [][]int
	at := map[int]int{}
	for i := range s.Len() {
		g := groupOf(s, i)
		k, seen := at[g]
		if !seen {
			k = len(groups)
			at[g] = k
			groups = append(groups, nil)
		}
		groups[k] = append(groups[k], i)
	}
	return groups
}

// Subset is a view of some samples of a set, in the order of the set.
type Subset struct {
	set   nn.Samples
	index []int     // sample i of the view is sample index[i] of the set
	lanes sync.Pool // of *[nn.Lanes]int, so that Fill does not allocate
}

func newSubset(s nn.Samples, index []int) *Subset {
	slices.Sort(index)
	return viewOf(s, index)
}

func viewOf(s nn.Samples, index []int) *Subset {
	return &Subset{set: s, index: index, lanes: sync.Pool{New: func() any { return new([nn.Lanes]int) }}}
}

// Limit is the first n samples of a set, or the set itself if n is 0 or not
// below its length. Of a Grouped set it takes whole groups, so that Limit of
// Inverted(img) to n holds the first n/2 pictures and their n/2 inverses; for
// odd n there is one picture more, whose inverse is left out.
func Limit(s nn.Samples, n int) nn.Samples {
	if n <= 0 || n >= s.Len() {
		return s
	}
	var index []int
	for _, g := range groupsOf(s) {
		index = append(index, g...)
		if len(index) >= n {
			break
		}
	}
	return newSubset(s, index[:n])
}

// Len is the number of samples in the view.
func (s *Subset) Len() int { return len(s.index) }

// Shape is the shape of one sample.
func (s *Subset) Shape() nn.Shape { return s.set.Shape() }

// Classes is the number of classes of the whole set.
func (s *Subset) Classes() int { return s.set.Classes() }

// Label is the class of sample i of the view.
func (s *Subset) Label(i int) int { return s.set.Label(s.index[i]) }

// Group is the group of sample i of the view.
func (s *Subset) Group(i int) int { return groupOf(s.set, s.index[i]) }

// AtEpoch is the view of the set as epoch n reads it.
func (s *Subset) AtEpoch(n int) nn.Samples { return viewOf(AtEpoch(s.set, n), s.index) }

// Fill writes the samples idx of the view into the lanes of dst.
func (s *Subset) Fill(dst nn.Block, idx []int) error {
	lanes := s.lanes.Get().(*[nn.Lanes]int)
	defer s.lanes.Put(lanes)
	for l, i := range idx {
		lanes[l] = s.index[i]
	}
	return s.set.Fill(dst, lanes[:len(idx)])
}

// ReadSample writes sample i of the view into dst.
func (s *Subset) ReadSample(dst []float32, i int) error {
	return nn.ReadSample(dst, s.set, s.index[i])
}

// Counts is the number of samples of each class.
func Counts(s nn.Samples) []int {
	n := make([]int, s.Classes())
	for i := range s.Len() {
		n[s.Label(i)]++
	}
	return n
}
