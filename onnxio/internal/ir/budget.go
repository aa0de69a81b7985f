package ir

import "github.com/gonn-toolkit/gonn/onnxio/graph"

// A few nodes could ask for more than any computer has: to repeat a constant a million
// times, to multiply two that were made so, or to put one weight into a thousand orders.
// What folding may make and do therefore has bounds that follow from the size of the file.
const (
	leastFolded = 1 << 20 // elements of constants that may be made in any file
	leastSteps  = 1 << 25 // elements that may be looked at, as many times as they are

	mostFilled = 1 << 25 // elements of weights that are one number

	foldedPerElement = 4 // and more for each element of the file's constants
	stepsPerElement  = 128
)

// Budget is what is left of the elements of constants that may be made, and of those that may
// be looked at on the way. They are 64-bit numbers everywhere, as what a node asks for may be
// more than an int holds. Filled is what is left of the elements of weights that are one number,
// which a file of a network without its weights has.
type Budget struct{ Elements, Steps, Filled int64 }

func newBudget(consts map[string]*graph.Tensor) Budget {
	const most = 1 << 40
	var elements int64
	for _, t := range consts {
		if n, err := t.Len(); err == nil {
			elements = min(elements+int64(n), most)
		}
	}
	return Budget{leastFolded + foldedPerElement*elements, leastSteps + stepsPerElement*elements, mostFilled}
}

// Spend takes elements to be made, and steps on the way, from the budget. It reports whether
// there were so many; if not, it takes nothing.
func (b *Budget) Spend(elements, steps int64) bool {
	if elements > b.Elements || steps > b.Steps {
		return false
	}
	b.Elements -= elements
	b.Steps -= steps
	return true
}

// Fill takes elements of a weight that is one number, as Spend.
func (b *Budget) Fill(elements int64) bool {
	if elements > b.Filled {
		return false
	}
	b.Filled -= elements
	return true
}
