package optim

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// scheduleArgs are what follows a schedule's name. Each method takes the next one; the
// first thing that is wrong stays in err.
type scheduleArgs struct {
	semantics nn.Semantics
	epochs    int
	left      []string
	err       error
}

// next is false if there is no argument, which is wrong if it must be.
func (a *scheduleArgs) next(name string, needed bool) (string, bool) {
	if len(a.left) == 0 {
		if needed && a.err == nil {
			a.err = fmt.Errorf("%s is missing", name)
		}
		return "", false
	}
	arg := a.left[0]
	a.left = a.left[1:]
	return arg, true
}

func (a *scheduleArgs) wrong(name, arg, need string) {
	if a.err == nil {
		a.err = fmt.Errorf("%s is %q, need %s", name, arg, need)
	}
}

// number takes a finite number for which ok holds.
func (a *scheduleArgs) number(name string, byDefault float64, need string, ok func(v float64) bool) float64 {
	arg, given := a.next(name, byDefault != byDefault)
	if !given {
		return byDefault
	}
	v, err := strconv.ParseFloat(arg, 64)
	if err != nil || math.IsInf(v, 0) || !ok(v) {
		a.wrong(name, arg, need)
	}
	return v
}

func (a *scheduleArgs) factor(name string, byDefault float64) float64 {
	return a.number(name, byDefault, "a factor between 0 and 1", func(v float64) bool { return v > 0 && v < 1 })
}

func (a *scheduleArgs) share(name string, byDefault float64) float64 {
	return a.number(name, byDefault, "a share from 0 to 1", func(v float64) bool { return v >= 0 && v <= 1 })
}

func (a *scheduleArgs) rate(name string) float64 {
	return a.number(name, 0, "a learning rate from 0 on", func(v float64) bool { return v >= 0 })
}

// oneCycle takes divisors by which the rate begins and ends at lr or below. PyTorch's div_factor and
// final_div_factor may be others, and then lr is not the largest rate.
func (a *scheduleArgs) oneCycle() Schedule {
	s := OneCycle{Up: a.share("UP", 0.3)}
	s.Div = a.number("DIV", 25, "a number from 1 on: the rate begins at lr/DIV", func(v float64) bool { return v >= 1 })
	s.Final = a.number("FINAL", 1e4, "a number from 1/DIV on: the rate ends at lr/DIV/FINAL, at most at lr", func(v float64) bool { return s.Div*v >= 1-1e-12 }) // 1/49 times 49 is less than 1
	s.Until = a.span("UNTIL", &Span{Epochs: a.epochs})
	return s
}

func (a *scheduleArgs) count(name string, byDefault int) int {
	whole := func(v float64) bool { return v >= 0 && v == math.Trunc(v) && v < 1<<31 }
	return int(a.number(name, float64(byDefault), "a number of epochs", whole))
}

// span takes a length of time, which must be there if it has no default.
func (a *scheduleArgs) span(name string, byDefault *Span) Span {
	arg, given := a.next(name, byDefault == nil)
	if !given {
		if byDefault == nil {
			return Span{}
		}
		return *byDefault
	}
	return a.parseSpan(name, arg)
}

func (a *scheduleArgs) parseSpan(name, arg string) Span {
	digits, inSteps := strings.CutSuffix(arg, "steps")
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil || n == 0 {
		a.wrong(name, arg, "a number of epochs, or of steps as in 500steps")
	}
	if inSteps {
		return Span{Steps: int(n)}
	}
	return Span{Epochs: int(n)}
}

func (a *scheduleArgs) spans(name string) (list []Span) {
	arg, _ := a.next(name, true)
	for part := range strings.SplitSeq(arg, ",") {
		list = append(list, a.parseSpan(name, part))
	}
	return list
}
