package parity

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// Answers is how two networks do on the same labelled data.
type Answers struct {
	A, B nn.Stats
	// Agree counts the samples to which both give the same class. To give none is to agree with
	// nothing.
	Agree int
	// Disagreements are the other samples, first those on which both are the surest.
	Disagreements []Disagreement
	// UnansweredA and UnansweredB count the samples to which a network gives no class.
	UnansweredA, UnansweredB int
	// OnlyA and OnlyB count the samples on which one network is right and the other wrong;
	// score.McNemarOf tests whether that is more than chance.
	OnlyA, OnlyB int
}

// Agreement is the share of samples on which both networks agree.
func (a Answers) Agreement() float64 { return float64(a.Agree) / float64(max(a.A.Samples, 1)) }

// Models runs both networks over the same samples, forA and forB as each of them reads
// these, and gives each one's loss (nn.LossFor) and accuracy, and the samples on whose
// class they agree and disagree. same reports whether a class of a is one of b; nil pairs
// them by number.
func Models(a, b *nn.Network, forA, forB nn.Samples, same func(ofA, ofB int) bool, workers int) (Answers, error) {
	var r Answers
	if forA.Len() != forB.Len() {
		return r, fmt.Errorf("%d samples for the first model and %d for the second; need the same", forA.Len(), forB.Len())
	}
	var err error
	var ofA, ofB []Answer
	if r.A, ofA, err = answers(a, forA, workers); err != nil {
		return r, fmt.Errorf("first model: %w", err)
	}
	if r.B, ofB, err = answers(b, forB, workers); err != nil {
		return r, fmt.Errorf("second model: %w", err)
	}
	for i, x := range ofA {
		y := ofB[i]
		if x.Class == nn.NoClass {
			r.UnansweredA++
		}
		if y.Class == nn.NoClass {
			r.UnansweredB++
		}
		switch {
		case x.Right && !y.Right:
			r.OnlyA++
		case y.Right && !x.Right:
			r.OnlyB++
		}
		if x.agrees(y, same) {
			r.Agree++
			continue
		}
		r.Disagreements = append(r.Disagreements, Disagreement{i, x, y})
	}
	sortDisagreements(r.Disagreements)
	return r, nil
}
