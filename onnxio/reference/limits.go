package reference

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"time"
)

// Limits bound what evaluating a model may take. A few bytes of a file can ask for more memory
// and time than any computer has. A field that is 0 is that of DefaultLimits.
type Limits struct {
	// Memory is the most bytes of all values that are held at once: constants, results that are
	// still needed, and what the node at hand makes on the way.
	Memory int64
	// Operations is the most multiply–accumulates of all nodes of a run. Other work counts as
	// many of them as take as long.
	Operations int64
	// Time is how long a run may take; 0 is for as long as its context lets it.
	Time time.Duration
}

// DefaultLimits are those of a run that is given none. The weights of VGG-19 take 1.1 GB in
// float64, and an image 2e10 operations, some ten seconds on one processor.
var DefaultLimits = Limits{Memory: defaultMemory, Operations: 5e10}

// defaultMemory is less where addresses have 32 bits.
const defaultMemory = 1 << (29 + bits.UintSize/64*2)

// or gives fields that are 0 the values of others.
func (l Limits) or(others Limits) Limits {
	l.Memory, l.Operations = cmp.Or(l.Memory, others.Memory), cmp.Or(l.Operations, others.Operations)
	return l
}

// ForSamples are the limits of a run of n samples at once, where Operations are those of one.
// Fields that are 0 become those of DefaultLimits.
func (l Limits) ForSamples(n int) Limits {
	l = l.or(DefaultLimits)
	l.Operations = min(l.Operations, math.MaxInt64/int64(max(1, n))) * int64(max(1, n))
	return l
}

// Resource is what a limit bounds.
type Resource int

const (
	Memory Resource = iota
	Operations
	Time
)

// LimitError says which node would have gone beyond a limit. The node was not begun, or was ended
// at its next step.
type LimitError struct {
	Resource Resource
	Node     string  // as graph.Node.Label gives it, "" for the constants of the file
	Needed   float64 // at least; 0 for Time
	Limit    float64 // in the unit of the field of Limits; nanoseconds of Time
}

func (e *LimitError) Error() string {
	who := e.Node
	if who == "" {
		who = "the model's constants"
	}
	switch e.Resource {
	case Memory:
		return fmt.Sprintf("%s: values of %s would be held at once, more than the limit of %s", who, bytesText(e.Needed), bytesText(e.Limit))
	case Operations:
		return fmt.Sprintf("%s: %.2g operations would have been done, more than the limit of %.2g", who, e.Needed, e.Limit)
	}
	return fmt.Sprintf("%s: the time limit of %v is over", who, time.Duration(e.Limit))
}

// bytesText is a number of bytes in the largest unit that it has one of.
func bytesText(n float64) string {
	unit := 0
	for n >= 1024 && unit < 4 {
		n, unit = n/1024, unit+1
	}
	return fmt.Sprintf("%.3g %s", n, []string{"B", "KiB", "MiB", "GiB", "TiB"}[unit])
}
