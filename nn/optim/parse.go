package optim

import (
	"fmt"
	"math"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// ScheduleKind is a row of the table of schedules.
type ScheduleKind struct {
	Name string
	Args string // as they are spelled: ":EVERY[:FACTOR]"
	// Formula is one line for help pages.
	Formula string

	parse func(a *scheduleArgs) Schedule
}

// Schedules is the table of schedules, in the order of help pages. t counts from the
// beginning, or from the end of a warm-up.
var Schedules = []ScheduleKind{
	{"constant", "", "lr", func(*scheduleArgs) Schedule { return Constant{} }},
	{"step", ":EVERY[:FACTOR]", "lr·FACTOR^⌊t/EVERY⌋ (FACTOR 0.1)", func(a *scheduleArgs) Schedule {
		return StepDecay{a.span("EVERY", nil), a.factor("FACTOR", 0.1)}
	}},
	{"multistep", ":AT,AT…[:FACTOR]", "lr·FACTOR^(number of AT past) (FACTOR 0.1)", func(a *scheduleArgs) Schedule {
		return MultiStep{a.spans("AT"), a.factor("FACTOR", 0.1)}
	}},
	{"exponential", ":FACTOR[:EVERY]", "lr·FACTOR^(t/EVERY) (EVERY 1)", func(a *scheduleArgs) Schedule {
		return Exponential{a.factor("FACTOR", math.NaN()), a.span("EVERY", &Span{Epochs: 1})}
	}},
	{"cosine", "[:MIN[:UNTIL]]", "half a wave from lr to the rate MIN (MIN 0, UNTIL the end)", func(a *scheduleArgs) Schedule {
		return Cosine{a.rate("MIN"), a.span("UNTIL", &Span{Epochs: a.epochs})}
	}},
	{"onecycle", "[:UP[:DIV[:FINAL[:UNTIL]]]]", "from lr/DIV to lr in the share UP, then to lr/DIV/FINAL (0.3, 25, 10000)", func(a *scheduleArgs) Schedule {
		return a.oneCycle()
	}},
	{"plateau", "[:FACTOR[:PATIENCE[:COOLDOWN[:MIN]]]]", "times FACTOR when the loss has not improved (0.1, 10 epochs, 0, 0)", func(a *scheduleArgs) Schedule {
		return &Plateau{
			Semantics: a.semantics, Factor: a.factor("FACTOR", 0.1),
			Patience: a.count("PATIENCE", 10), Cooldown: a.count("COOLDOWN", 0), Min: a.rate("MIN"),
		}
	}},
}

// ScheduleNames lists the names of the table.
func ScheduleNames() (names []string) {
	for _, k := range Schedules {
		names = append(names, k.Name)
	}
	return names
}

// ParseSchedule reads a schedule as it is spelled everywhere in gonn:
//
//	constant    step:10    multistep:30,60:0.2    cosine:1e-5    by-epoch:exponential:0.9
//
// Durations are in epochs, or in steps with a suffix: step:500steps. epochs is the length of the
// training, the default end of schedules.
func ParseSchedule(spelled string, s nn.Semantics, epochs int) (Schedule, error) {
	if inner, ok := strings.CutPrefix(spelled, byEpoch); ok {
		schedule, err := ParseSchedule(inner, s, epochs)
		if err != nil {
			return nil, err
		}
		return ByEpoch{schedule}, nil
	}
	name, rest, hasArgs := strings.Cut(spelled, ":")
	for _, k := range Schedules {
		if k.Name != name {
			continue
		}
		a := &scheduleArgs{semantics: s, epochs: epochs}
		if hasArgs {
			a.left = strings.Split(rest, ":")
		}
		schedule := k.parse(a)
		if a.err == nil && len(a.left) > 0 {
			a.err = fmt.Errorf("%q is too much", a.left[0])
		}
		if a.err != nil {
			return nil, fmt.Errorf("schedule %q: %w; it is spelled %s%s", spelled, a.err, name, k.Args)
		}
		return schedule, nil
	}
	return nil, fmt.Errorf("unknown schedule %q: choose one of %s", name, strings.Join(ScheduleNames(), ", "))
}

// ParseWarmup puts a warm-up in front of a schedule: SPAN[:FROM], as in 500steps or
// 1:0.1, where FROM is the share of the rate that it starts from, 0 by default.
func ParseWarmup(spelled string, then Schedule) (Schedule, error) {
	a := &scheduleArgs{left: strings.Split(spelled, ":")}
	w := Warmup{Over: a.span("SPAN", nil), From: a.share("FROM", 0), Then: then}
	if a.err == nil && len(a.left) > 0 {
		a.err = fmt.Errorf("%q is too much", a.left[0])
	}
	if a.err != nil {
		return nil, fmt.Errorf("warm-up %q: %w; it is spelled SPAN[:FROM]", spelled, a.err)
	}
	return w, nil
}
