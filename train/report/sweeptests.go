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
		var same []string
		for _, t := range tests {
			if t.Significant() {
				w.fill("  %s", TestText(t))
			} else {
				same = append(same, t.A+" and "+t.B)
			}
		}
		if len(same) > 0 {
			w.fill("  not distinguishable: %s", strings.Join(same, "; "))
		}
	}
}

// TestText is a test in a sentence: "prelu < leaky:-0.5 in test loss: p = 0.03".
func TestText(t sweep.Test) string {
	if !t.Significant() {
		return fmt.Sprintf("not distinguishable in %s: %s and %s: %s", measureNames[t.Measure], t.A, t.B, pText(t.Adjusted))
	}
	sign := "<"
	if t.Difference > 0 {
		sign = ">"
	}
	return fmt.Sprintf("%s %s %s in %s: %s", t.A, sign, t.B, measureNames[t.Measure], pText(t.Adjusted))
}

func pText(p float64) string {
	if p < 0.0001 {
		return "p < 0.0001"
	}
	return fmt.Sprintf("p = %.2g", p)
}
