package report

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/report/junit"
)

// JUnit gives the comparison as test cases: a suite for each model, engine and recording, with
// a case for each output, and for each layer and plan of a model that was held layer by layer.
// A case fails only if the comparison does: layers that differ from what was recorded within a
// model whose outputs agree are skipped, and those whose recorded value may be another layer's.
func (r *Compare) JUnit() junit.Suites {
	s := junit.Suites{Name: "gonn compare " + r.Reference}
	alone := map[*parity.Report]bool{}
	for _, h := range r.held {
		alone[h] = true
	}
	for _, row := range r.Replays {
		var held *parity.Report
		for _, h := range r.held {
			if alone[h] && h.Model == row.Model && h.Source == row.Source && row.Error == "" {
				held = h
				break
			}
		}
		delete(alone, held)
		s.Suites = append(s.Suites, r.suite(row, held))
	}
	for _, h := range r.held {
		if alone[h] {
			row := Replay{Source: h.Source, Model: h.Model, Outputs: []parity.Result{h.Output.Result}}
			s.Suites = append(s.Suites, r.suite(row, h))
		}
	}
	return s
}

func (r *Compare) suite(row Replay, held *parity.Report) junit.Suite {
	who := strings.TrimSpace(row.Model + " " + row.Engine)
	s := junit.Suite{Name: who + " against " + row.Source, Properties: []junit.Property{
		{Name: "reference", Value: r.Reference}, {Name: "source", Value: row.Source}, {Name: "tolerance", Value: r.Tolerance},
	}}
	if row.Error != "" {
		s.Cases = append(s.Cases, junit.Case{Class: who + ".outputs", Name: "run", Error: &junit.Message{Line: row.Error}})
	}
	for _, o := range row.Outputs {
		c := junit.Case{Class: who + ".outputs", Name: "output " + o.Name}
		if !o.Equal {
			c.Failure = &junit.Message{Line: fmt.Sprintf("off by %s of its scale, %s", relative(float64(o.MaxError), float64(o.Scale)), worst(o.Worst)),
				Text: fmt.Sprintf("%d elements fail; the smallest passing tolerance is %.3g", o.Failed, o.Passing)}
		}
		s.Cases = append(s.Cases, c)
	}
	if held == nil {
		return s
	}
	s.Time = held.Took
	s.Properties = append(s.Properties, junit.Property{Name: "answer", Value: held.Answer})
	if held.Cause != nil {
		s.Properties = append(s.Properties, junit.Property{Name: "cause", Value: held.Cause.Kind})
	}
	for _, l := range held.Layers {
		s.Cases = append(s.Cases, layerCase(who, l, held.Output.Equal))
	}
	for _, p := range held.Plans {
		s.Cases = append(s.Cases, planCase(who, p))
	}
	return s
}

// layerCase judges a layer by itself. equal reports whether the outputs agree.
func layerCase(who string, l parity.Layer, equal bool) junit.Case {
	c := junit.Case{Class: who + ".layers", Name: "layer " + l.Layer, Time: l.Took}
	if l.Verdict == parity.Missing {
		c.Name = "missing layer " + l.Reference
	}
	switch l.Verdict {
	case parity.NotRecorded:
		c.Skipped = &junit.Message{Line: "not recorded"}
		return c
	case parity.Equal:
		return c
	}
	m := &junit.Message{Line: "by itself it is not what the reference computes", Text: layerDetails(l)}
	if l.Verdict == parity.Missing {
		m.Line = "the network has no such layer"
	}
	if l.Isolated != nil {
		m.Line += fmt.Sprintf(": off by %s of its scale, %s", share(l.Isolated), worst(l.Isolated.Worst))
	}
	if l.Note != "" {
		m.Line += "; " + l.Note
	}
	switch {
	case equal:
		m.Line = "the outputs agree: " + m.Line
		c.Skipped = m
	case l.Guessed:
		c.Skipped = m
	default:
		c.Failure = m
	}
	return c
}

func layerDetails(l parity.Layer) string {
	lines := []string{fmt.Sprintf("%s %v", l.Kind, l.Shape)}
	if l.Reference != "" {
		lines = append(lines, "recorded as "+l.Reference)
	}
	if len(l.Nodes) > 0 {
		lines = append(lines, "nodes of the file: "+strings.Join(l.Nodes, ", "))
	}
	e := l.Isolated
	if e == nil {
		return strings.Join(lines, "\n")
	}
	lines = append(lines,
		fmt.Sprintf("accumulated: off by %s of its scale", share(l.Accumulated)),
		fmt.Sprintf("|a − b| by itself: p50 %.3g, p90 %.3g, p99 %.3g, largest %.3g on a scale of %.3g", e.P50, e.P90, e.P99, e.Max, e.Scale),
		fmt.Sprintf("%d elements fail; the smallest passing tolerance is %.3g", e.Failed, e.Passing))
	return strings.Join(lines, "\n")
}

func planCase(who string, p parity.Plan) junit.Case {
	c := junit.Case{Class: who + ".plans", Name: p.Name + " on " + p.Backend, Time: p.Took}
	switch {
	case p.Skipped != "":
		c.Skipped = &junit.Message{Line: p.Skipped}
	case !p.Equal:
		c.Failure = &junit.Message{Line: fmt.Sprintf("off by %.1e of the output's scale from layer by layer", float64(p.Error))}
	}
	return c
}

func worst(e parity.Element) string {
	return fmt.Sprintf("worst at [%s]: got %.9g, want %.9g", joinInts(e.Index), e.Got, e.Want)
}
