package loss

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Form is one row of the table of losses.
type Form struct {
	// Name is how the loss is spelled on the command line, without its argument.
	Name string
	// Arg is what may follow the name after a colon, in capitals; "" for nothing.
	Arg string
	// Formula is one line for help pages.
	Formula string

	// parse takes the numbers of the argument, none if it is not given.
	parse func(args []float64, s op.Semantics) (Loss, error)
}

// Forms is the table of losses, in the order of help pages. Everything that offers a
// choice of loss reads it.
var Forms = []Form{
	{"cross-entropy", "SMOOTHING", "−ln softmax(z)[label], the labels smoothed by SMOOTHING/classes", parseCrossEntropy},
	{"mse", "", "(p − t)², after a sigmoid", without(func(op.Semantics) Loss { return MSE{} })},
	{"bce", "", "−t·ln p − (1 − t)·ln(1 − p), after a sigmoid", without(func(s op.Semantics) Loss { return BCE{Semantics: s} })},
	{"bce-logits", "POS_WEIGHT", "bce of sigmoid(z), exact for large z too; pytorch: t = 1 counts POS_WEIGHT", parseBCELogits},
	{"huber", "DELTA", "(p − t)²/2 up to DELTA (1), then a line, after a sigmoid", parseHuber},
}

// Parse reads a loss as it is spelled everywhere in gonn:
//
//	cross-entropy    cross-entropy:0.1    bce-logits:3    huber:0.5
//
// Semantics decides where frameworks compute it differently.
func Parse(spelled string, s op.Semantics) (Loss, error) {
	name, arg, hasArg := strings.Cut(spelled, ":")
	i := slices.IndexFunc(Forms, func(f Form) bool { return f.Name == name })
	if i < 0 {
		var names []string
		for _, f := range Forms {
			names = append(names, f.Name)
		}
		return nil, fmt.Errorf("unknown loss %q: choose one of %s", name, strings.Join(names, ", "))
	}
	var args []float64
	var err error
	if hasArg {
		if args, err = parseNumbers(arg); err != nil {
			return nil, fmt.Errorf("loss %q: %w", spelled, err)
		}
	}
	l, err := Forms[i].parse(args, s)
	if err != nil {
		return nil, fmt.Errorf("loss %q: %w", spelled, err)
	}
	return l, nil
}

// without is parse of a loss that has no argument.
func without(f func(op.Semantics) Loss) func([]float64, op.Semantics) (Loss, error) {
	return func(args []float64, s op.Semantics) (Loss, error) {
		if args != nil {
			return nil, errors.New("it takes no argument")
		}
		return f(s), nil
	}
}

// parseNumbers reads finite numbers between commas, at least one.
func parseNumbers(list string) (v []float64, err error) {
	for part := range strings.SplitSeq(list, ",") {
		x, err := strconv.ParseFloat(part, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("%q is not a finite number", part)
		}
		v = append(v, x)
	}
	return v, nil
}

// formatNumbers writes them so that parseNumbers reads them back exactly.
func formatNumbers(v []float64) string {
	parts := make([]string, len(v))
	for i, x := range v {
		parts[i] = strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strings.Join(parts, ",")
}
