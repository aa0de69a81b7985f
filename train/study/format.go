package study

import (
	"fmt"
	"math"
	"strings"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train/stats"
)

// level is that of all intervals.
const level = 0.95

// meanText is a mean with half of its confidence interval, in digits after the point.
func meanText(x []float64, digits int) string {
	if half := halfWidth(x); !math.IsNaN(half) {
		return number(stats.Mean(x), digits) + " ± " + number(half, digits)
	}
	return number(stats.Mean(x), digits)
}

// halfWidth is half of the confidence interval of a mean, NaN of fewer than two values.
func halfWidth(x []float64) float64 {
	i := stats.ConfidenceInterval(x, level)
	return (i.High - i.Low) / 2
}

// number is a number in so many digits after the point, with the minus of text.
func number(v float64, digits int) string {
	return minus(fmt.Sprintf("%.*f", digits, v))
}

// short is a number in three digits.
func short(v float64) string { return minus(fmt.Sprintf("%.3g", v)) }

func minus(s string) string { return strings.ReplaceAll(s, "-", "−") }

// percent is a share as a percentage.
func percent(v float64) string { return number(100*v, 1) + " %" }

// percents is a mean share with half of its confidence interval.
func percents(x []float64) string {
	scaled := make([]float64, len(x))
	for i, v := range x {
		scaled[i] = 100 * v
	}
	return meanText(scaled, 1) + " %"
}

// pText is a p-value in a sentence.
func pText(p float64) string {
	if p < 0.0001 {
		return "p < 0.0001"
	}
	return fmt.Sprintf("p = %.4f", p)
}

// actText is how the document writes an activation: "α = −0.5", "PReLU".
func actText(spelled string) string {
	act, err := activation.Parse(spelled)
	if err != nil {
		return spelled
	}
	switch {
	case act.Func == activation.Leaky && act.Value == 0:
		return "α = 0 (ReLU)"
	case act.Func == activation.Leaky && act.Value == 1:
		return "α = 1 (linear)"
	case act.Func == activation.Leaky:
		return "α = " + minus(fmt.Sprintf("%g", act.Value))
	}
	names := map[string]string{"prelu": "PReLU", "relu": "ReLU", "swish": "Swish", "mish": "Mish"}
	if name := names[spelled]; name != "" {
		return name
	}
	return minus(spelled)
}

// counted is a number with its noun: "1 seed", "3 seeds".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// shortAct is an activation below an axis: the slope alone.
func shortAct(spelled string) string {
	return strings.TrimPrefix(strings.TrimPrefix(spelled, "leaky:"), "prelu:")
}

// listed is values with their names: "−1: 3 %, 0: 5 %".
func listed(names []string, values []float64, text func(float64) string) string {
	var parts []string
	for i, name := range names {
		parts = append(parts, name+": "+text(values[i]))
	}
	return strings.Join(parts, ", ")
}

func shorts(x []float64) (list []string) {
	for _, v := range x {
		list = append(list, short(v))
	}
	return list
}
