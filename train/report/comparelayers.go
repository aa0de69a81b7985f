package report

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// compareLayers writes how a model compares with its reference layer by layer, in which plans
// it was run, and what was left out.
func compareLayers(w *Page, r *parity.Report) {
	fmt.Fprintf(w, "\n%s, layer by layer beside %s: errors relative to the largest value\n", oneLine(r.Model), oneLine(r.Source))
	w.coloured(layersTable(r))
	if f := r.FirstWrong; f != nil && f.Worst != nil {
		w.fill("%s: worst by itself at %s.", f.Layer, elementText(*f.Worst))
	}
	if text := correction(r.Cause); text != "" {
		w.fill("%s", text)
	}
	for _, l := range r.Layers {
		if l.Note != "" {
			w.fill("%s: %s.", cmp.Or(l.Layer, l.Reference), l.Note)
		}
	}
	comparePlans(w, r.Plans)
	var folded []string
	for _, u := range r.Unplaced {
		if u.In != "" {
			folded = append(folded, u.Name)
			continue
		}
		w.fill("not compared: %q of shape %v: %s.", u.Name, u.Shape, u.Why)
	}
	if len(folded) > 0 {
		w.fill("not compared, because the file computes them together with what is behind: %s.", strings.Join(folded, ", "))
	}
	for _, n := range r.Notes {
		w.fill("%s", n)
	}
}

// correction says what the correction of a cause makes of the output's error; "" if that was not
// tried.
func correction(c *parity.Cause) string {
	switch {
	case c == nil || c.Uncorrected && c.After == 0:
		return ""
	case c.Uncorrected:
		return fmt.Sprintf("With what was recorded for this layer the error of the output falls from %.3g to %.3g of the tolerance.", c.Before, c.After)
	}
	return fmt.Sprintf("With this correction alone the error of the output falls from %.3g to %.3g of the tolerance.", c.Before, c.After)
}

// layersTable has a row for each layer. Columns that would be empty are left out.
func layersTable(r *parity.Report) *table.Table {
	named, exact := false, false
	for _, l := range r.Layers {
		named = named || recordedAs(l) != ""
		exact = exact || l.Truth != nil
	}
	columns := []table.Column{{Title: "layer", Shrink: 5, Min: 12}}
	if named {
		columns = append(columns, table.Column{Title: "recorded as", Shrink: 4, Min: 10, Drop: 3})
	}
	columns = append(columns, table.Column{Title: "by itself", Right: true}, table.Column{Title: "accumulated", Right: true}, table.Column{Title: "p99", Right: true, Drop: 1})
	if exact {
		columns = append(columns, table.Column{Title: "gonn–float64", Right: true, Drop: 2}, table.Column{Title: "ref–float64", Right: true, Drop: 2})
	}
	t := table.New(append(columns, table.Column{Title: "verdict"})...)
	for _, l := range r.Layers {
		name := l.Layer
		if l.Verdict == parity.Missing {
			name = "–"
		}
		cells := []string{name}
		if named {
			cells = append(cells, recordedAs(l))
		}
		if l.Isolated != nil {
			cells = append(cells, share(l.Isolated), share(l.Accumulated), relative(float64(l.Isolated.P99), float64(l.Isolated.Scale)))
		} else {
			cells = append(cells, "", "", "")
		}
		if exact {
			cells = append(cells, truthCells(l.Truth)...)
		}
		t.Row(append(cells, verdictText(l))...)
	}
	return t
}

// recordedAs is the reference's name of a layer, if it is another.
func recordedAs(l parity.Layer) string {
	if l.Reference == l.Layer || l.Reference == l.Value {
		return ""
	}
	return l.Reference
}

func truthCells(t *parity.Truth) []string {
	cells := []string{"", ""}
	if t != nil {
		cells[0] = fmt.Sprintf("%.1e", float64(t.Own))
		if t.Reference != nil {
			cells[1] = fmt.Sprintf("%.1e", float64(*t.Reference))
		}
	}
	return cells
}

// share is the largest error relative to the scale, as a cell.
func share(e *parity.Errors) string { return relative(float64(e.MaxError), float64(e.Scale)) }

func relative(e, scale float64) string {
	if e == 0 {
		return "0"
	}
	return fmt.Sprintf("%.1e", e/scale)
}

func verdictText(l parity.Layer) string {
	switch {
	case l.Training:
		return "training"
	case l.Guessed:
		return "guessed"
	}
	switch l.Verdict {
	case parity.Wrong:
		return "WRONG"
	case parity.Missing:
		return "MISSING"
	}
	return string(l.Verdict)
}

// comparePlans sums the plans up: those that fail each on a line.
func comparePlans(w *Page, plans []parity.Plan) {
	var names, backends []string
	var worst parity.Number
	skipped := 0
	for _, p := range plans {
		switch {
		case p.Skipped != "":
			skipped++
			continue
		case !p.Equal:
			w.fill("%s on %s DIFFERS from layer by layer: %.1e of the output's scale.", p.Name, p.Backend, float64(p.Error))
		}
		worst = max(worst, p.Error)
		names, backends = appendNew(names, p.Name), appendNew(backends, p.Backend)
	}
	if len(names) > 0 {
		w.fill("Run %s, on %s, the outputs are within %.1e of layer by layer.", strings.Join(names, ", "), strings.Join(backends, ", "), float64(worst))
	}
	if skipped > 0 {
		w.fill("%d of %d such plans were left out: they take long (--all-plans runs them).", skipped, len(plans))
	}
}

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

const (
	red   = "\x1b[31m"
	green = "\x1b[32m"
	plain = "\x1b[0m"
)

// verdict writes an answer, with its first word in colour.
func (p *Page) verdict(answer string) {
	word, rest, _ := strings.Cut(answer, ":")
	switch {
	case !p.Color:
		p.fill("%s", answer)
	case word == "Equal":
		p.fill(green+"%s"+plain+":%s", word, rest)
	default:
		p.fill(red+"%s"+plain+":%s", word, rest)
	}
}

// coloured writes a table whose last column are verdicts.
func (p *Page) coloured(t *table.Table) {
	var b bytes.Buffer
	if err := t.Write(&b, p.Width); err != nil || !p.Color {
		p.table(t)
		return
	}
	for line := range strings.Lines(b.String()) {
		for word, color := range map[string]string{" WRONG\n": red, " MISSING\n": red, " equal\n": green} {
			if text, ok := strings.CutSuffix(line, word); ok {
				line = text + " " + color + strings.TrimSpace(word) + plain + "\n"
			}
		}
		fmt.Fprint(p, line)
	}
}
