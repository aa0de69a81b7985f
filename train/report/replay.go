package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/bundle"
	"github.com/gonn-toolkit/gonn/train/replay"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// TrainingReplay tells how far a training in Go is from a recorded one.
type TrainingReplay struct {
	Bundle    string            `json:"bundle"`
	Framework string            `json:"framework"`
	Backend   string            `json:"backend,omitempty"`
	Versions  map[string]string `json:"versions"`
	Semantics string            `json:"semantics"` // by which it was replayed
	Optimizer string            `json:"optimizer"`
	Loss      string            `json:"loss"`
	Equal     bool              `json:"equal"`
	// First is the first deviation that does not pass; null if there is none.
	First  *FirstDivergence         `json:"first_divergence"`
	Worst  map[string]StepDeviation `json:"worst"` // by kind
	Growth FreeGrowth               `json:"free_running"`
	// Rounded is the number of gradients that pass only because rounding moves them as far.
	Rounded int          `json:"passed_by_rounding"`
	Steps   []ReplayStep `json:"steps"`
}

// StepDeviation is how far one tensor is from the recorded one.
type StepDeviation struct {
	Step   int           `json:"step"`
	Kind   string        `json:"kind"`
	Tensor string        `json:"tensor,omitempty"`
	Error  parity.Number `json:"error"`
	Share  parity.Number `json:"share_of_allowed"` // it passes if it is at most 1
}

// FirstDivergence is the first deviation that does not pass.
type FirstDivergence struct {
	StepDeviation
	Others int `json:"others_in_step"`
}

// FreeGrowth is how the free-running training comes apart.
type FreeGrowth struct {
	Loss       parity.Number `json:"last_loss_error"`
	Parameter  parity.Number `json:"last_parameter_error"`
	Tensor     string        `json:"last_tensor"`
	ApartAt    *int          `json:"apart_at_step"` // null if it stays together
	ApartIn    string        `json:"apart_in,omitempty"`
	Before     parity.Number `json:"error_before"`
	After      parity.Number `json:"error_after"`
	GrewAtOnce bool          `json:"grew_at_once"`
}

// ReplayStep is one step: the worst deviation of each kind, and the free-running training.
type ReplayStep struct {
	Step          int                      `json:"step"`
	Worst         map[string]StepDeviation `json:"worst"`
	FreeLoss      parity.Number            `json:"free_loss_error"`
	FreeParameter parity.Number            `json:"free_parameter_error"`
}

// TrainingReplayOf reports the replay of a bundle.
func TrainingReplayOf(b *bundle.Bundle, semantics string, r *replay.Result) *TrainingReplay {
	t := &TrainingReplay{
		Bundle: b.Dir, Framework: b.Framework, Backend: b.Backend, Versions: b.Versions, Semantics: semantics,
		Optimizer: b.Optimizer.Name, Loss: b.Loss.Form, Equal: r.Equal, Worst: deviationsOf(r.Worst), Rounded: r.Rounded,
	}
	if r.First != nil {
		t.First = &FirstDivergence{deviationOf(r.First.Deviation), r.First.Others}
	}
	for _, s := range r.Steps {
		t.Steps = append(t.Steps, ReplayStep{s.Step, deviationsOf(s.Worst), parity.Number(s.Free.Loss), parity.Number(s.Free.Parameter)})
	}
	last := r.Steps[len(r.Steps)-1].Free
	t.Growth = FreeGrowth{Loss: parity.Number(last.Loss), Parameter: parity.Number(last.Parameter), Tensor: last.Tensor}
	if g := r.Growth; g.Step >= 0 {
		t.Growth.ApartAt, t.Growth.ApartIn, t.Growth.GrewAtOnce = &g.Step, g.Tensor, g.Jump
		t.Growth.Before, t.Growth.After = parity.Number(g.Before), parity.Number(g.After)
	}
	return t
}

func deviationsOf(m map[replay.Kind]replay.Deviation) map[string]StepDeviation {
	out := map[string]StepDeviation{}
	for kind, d := range m {
		out[string(kind)] = deviationOf(d)
	}
	return out
}

func deviationOf(d replay.Deviation) StepDeviation {
	return StepDeviation{d.Step, string(d.Kind), d.Tensor, parity.Number(d.Error), parity.Number(d.Share)}
}

// Text writes the steps, the worst of each kind and the verdict.
func (r *TrainingReplay) Text(w *Page) {
	where := r.Framework
	if r.Backend != "" {
		where += " on " + r.Backend
	}
	var versions []string
	for _, name := range slices.Sorted(maps.Keys(r.Versions)) {
		versions = append(versions, name+" "+r.Versions[name])
	}
	w.fill("%s: %s of %s (%s), %s, %s, replayed in %s's semantics", r.Bundle, Steps(len(r.Steps)), where, strings.Join(versions, ", "), r.Optimizer, r.Loss, r.Semantics)
	fmt.Fprintln(w, "\neach step by itself, from the recorded parameters and state; free: trained on from the start")
	r.printSteps(w)
	fmt.Fprintln(w, "\nworst of all steps")
	t := table.New(table.Column{Title: "  what"}, table.Column{Title: "error", Right: true}, table.Column{Title: "of allowed", Right: true},
		table.Column{Title: "step", Right: true}, table.Column{Title: "tensor", Shrink: 1, Min: 12})
	for _, kind := range replay.Kinds {
		if d, ok := r.Worst[string(kind)]; ok {
			t.Row("  "+d.Kind, errorText(d.Error), fmt.Sprintf("%.3g", float64(d.Share)), fmt.Sprint(d.Step), d.Tensor)
		}
	}
	w.table(t)
	fmt.Fprintln(w)
	r.printVerdict(w)
}

// printSteps prints about ten steps, the last one and the first that diverges among them.
func (r *TrainingReplay) printSteps(w *Page) {
	columns := []table.Column{{Title: "  step"}}
	for _, kind := range replay.Kinds {
		if _, ok := r.Worst[string(kind)]; ok {
			column := table.Column{Title: string(kind), Right: true}
			if kind == replay.KindClipping || kind == replay.KindState {
				column.Drop = 1
			}
			columns = append(columns, column)
		}
	}
	t := table.New(append(columns, table.Column{Title: "free loss", Right: true}, table.Column{Title: "free param", Right: true})...)
	every := max(1, len(r.Steps)/10)
	for i, s := range r.Steps {
		if i%every != 0 && i != len(r.Steps)-1 && (r.First == nil || r.First.Step != s.Step) {
			continue
		}
		cells := []string{fmt.Sprintf("  %d", s.Step)}
		for _, kind := range replay.Kinds {
			if _, ok := r.Worst[string(kind)]; !ok {
				continue
			}
			cell := errorText(s.Worst[string(kind)].Error)
			if !(s.Worst[string(kind)].Share <= 1) {
				cell += "!"
			}
			cells = append(cells, cell)
		}
		t.Row(append(cells, errorText(s.FreeLoss), errorText(s.FreeParameter))...)
	}
	w.table(t)
}

func (r *TrainingReplay) printVerdict(w *Page) {
	if r.First == nil {
		by := ""
		if r.Rounded > 0 {
			by = fmt.Sprintf(" (%d gradients because rounding, at a kink or where sums cancel, moves them as far)", r.Rounded)
		}
		w.fill("EQUAL: every step by itself is within what is allowed%s", by)
	} else {
		d := r.First
		what := d.Kind
		if d.Tensor != "" {
			what += " of " + d.Tensor
		}
		others := ""
		if d.Others > 0 {
			others = fmt.Sprintf("; %d more in that step", d.Others)
		}
		w.fill("DIFFERENT: step %d is the first that diverges by itself: %s, error %s, %.3g times what is allowed%s", d.Step, what, errorText(d.Error), float64(d.Share), others)
	}
	g := r.Growth
	if g.ApartAt == nil {
		w.fill("free-running: after %s the loss is %s apart, %s %s (not judged)", Steps(len(r.Steps)), errorText(g.Loss), g.Tensor, errorText(g.Parameter))
		return
	}
	how := "grew smoothly, as rounding does"
	if g.GrewAtOnce {
		how = "grew at once, as at a kink, if the step by itself is equal, or a bug"
	}
	w.fill("free-running: apart from step %d on, in %s: %s before, %s after; it %s (not judged)", *g.ApartAt, g.ApartIn, errorText(g.Before), errorText(g.After), how)
}

func errorText(e parity.Number) string { return fmt.Sprintf("%.2g", float64(e)) }

// Steps is a number of steps in words.
func Steps(n int) string {
	if n == 1 {
		return "1 step"
	}
	return fmt.Sprintf("%d steps", n)
}
