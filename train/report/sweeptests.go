package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/sweep"
)

// measureNames are those of measures in sentences.
var measureNames = map[string]string{
	"train_loss": "train loss", "train_accuracy": "train accuracy", "test_loss": "test loss", "test_accuracy": "test accuracy",
}

// printTests writes a sentence for each pair that can be told apart by the test loss, and one with
// the others. Those by accuracy are in the JSON form.
func (r *Sweep) printTests(w *Page) {
	for _, m := range []sweep.Moment{sweep.Last, sweep.Best} {
		tests := slices.DeleteFunc(slices.Clone(r.Tests), func(t sweep.Test) bool { return t.Epoch != m || t.Measure != "test_loss" })
		if len(tests) == 0 {
			continue
		}
		fmt.Fprintln(w)
		w.fill("%s epoch, t-tests paired by seed, p after Holm's correction over %s:", string(m), counted(len(tests), "pair"))
		var same []sweep.Test
		for _, t := range tests {
			if t.Significant() {
				w.fill("  %s", TestText(t))
			} else {
				same = append(same, t)
			}
		}
		switch {
		case len(same) == len(tests) && len(same) > maxPairs:
			w.fill("  none is distinguishable (--json has every p)")
		case len(same) > maxPairs:
			w.fill("  the other %d are not distinguishable (--json has every p)", len(same))
		case len(same) > 0:
			w.fill("  not distinguishable: %s", pairsText(same))
		}
	}
}

// maxPairs is how many pairs that cannot be told apart are listed.
const maxPairs = 28

// pairsText lists pairs, which are in the order of A: "a and b, c; b and c".
func pairsText(tests []sweep.Test) string {
	var b strings.Builder
	for i, t := range tests {
		switch {
		case i > 0 && tests[i-1].A == t.A:
			b.WriteString(", " + t.B)
		case i > 0:
			b.WriteString("; " + t.A + " and " + t.B)
		default:
			b.WriteString(t.A + " and " + t.B)
		}
	}
	return b.String()
}

// TestText is a test in a sentence: "prelu < leaky:-0.5 in test loss: p = 0.03".
func TestText(t sweep.Test) string {
	if !t.Significant() {
		return fmt.Sprintf("not distinguishable in %s: %s and %s: %s", measureNames[t.Measure], t.A, t.B, PText(t.Adjusted))
	}
	sign := "<"
	if t.Difference > 0 {
		sign = ">"
	}
	return fmt.Sprintf("%s %s %s in %s: %s", t.A, sign, t.B, measureNames[t.Measure], PText(t.Adjusted))
}

// PText is the p of a test: "p = 0.03".
func PText(p float64) string {
	if p < 0.0001 {
		return "p < 0.0001"
	}
	return fmt.Sprintf("p = %.2g", p)
}
