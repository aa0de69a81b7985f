package comparepage

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// model is one model on the page.
type model struct {
	*parity.Report
	ID      string
	Word    string // of the answer: Equal or Different
	Rest    string // of the answer
	Took    string
	Rows    []*row
	Lanes   int
	Edges   []string
	Width   int // of the graph's drawing, in its units
	Height  int
	Gap     int // between lanes in pixels, on a wide page and on a narrow one
	GapSlim int
	First   *row // that is shown first, may be nil
	Cause   *row // where the cause is, may be nil
	Plans   []planRow
	Outputs []Output
}

// row is a row of the graph: an input, a layer or the output.
type row struct {
	parity.Layer
	ID     string // "" of an input, which has nothing to show
	Title  string
	Detail string // kind and shape
	Sign   string
	State  string // class: equal, wrong, missing, none, input
	Lane   int
	Tags   []string
	// Own and Sum are the errors by itself and accumulated relative to the scale.
	Own, Sum float64
	Panel    *panel
	Above    []*row // that it reads
	Below    []*row // that read it
	Previous *row
	Next     *row
}

// newRow is the row of a layer.
func newRow(l parity.Layer) *row {
	r := &row{Layer: l, Title: l.Layer, Detail: fmt.Sprintf("%s %v", l.Kind, l.Shape)}
	switch l.Verdict {
	case parity.Equal:
		r.Sign, r.State = "✓", "equal"
	case parity.Wrong:
		r.Sign, r.State = "✕", "wrong"
	case parity.Missing:
		r.Sign, r.State, r.Title = "?", "missing", l.Reference
	default:
		r.Sign, r.State = "–", "none"
	}
	if l.Isolated != nil {
		r.Own, r.Sum = relative(l.Isolated.Result), relative(l.Accumulated.Result)
	}
	return r
}

// outputRow is the row of the model's output, which reads the last layer that nobody reads.
func outputRow(r *parity.Report) *row {
	l := parity.Layer{Layer: r.Output.Name, Kind: "output", Shape: r.Output.Shape[1:], Nodes: []string{}, Verdict: parity.Wrong, Isolated: r.Output, Accumulated: r.Output}
	if r.Output.Equal {
		l.Verdict = parity.Equal
	}
	read := map[string]bool{}
	for _, x := range slices.Backward(r.Layers) {
		if x.Verdict == parity.Missing {
			continue
		}
		if !read[x.Layer] {
			l.Inputs = []string{x.Layer}
			break
		}
		for _, in := range x.Inputs {
			read[in] = true
		}
	}
	return newRow(l)
}

// modelView puts a report into rows.
func modelView(index int, r *parity.Report) (*model, error) {
	m := &model{Report: r, ID: fmt.Sprintf("m%d", index), Took: seconds(r.Took), Plans: planRows(r.Plans)}
	m.Word, m.Rest = cut(r.Answer)
	output := outputRow(r)
	m.Rows = inputRows(append(slices.Clone(r.Layers), output.Layer))
	for _, l := range r.Layers {
		m.Rows = append(m.Rows, newRow(l))
	}
	m.Rows = append(m.Rows, output)
	m.connect()
	m.mark()
	for i, x := range m.Rows {
		if x.State == "input" {
			continue
		}
		x.ID = fmt.Sprintf("%s-l%d", m.ID, i)
		if i > 0 && m.Rows[i-1].ID != "" {
			x.Previous, m.Rows[i-1].Next = m.Rows[i-1], x
		}
		var err error
		if x.Panel, err = newPanel(x, x == output, r.Output.Equal); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// inputRows are rows for what layers read and no layer gives.
func inputRows(layers []parity.Layer) (rows []*row) {
	given := map[string]bool{}
	for _, l := range layers {
		given[l.Layer] = true
	}
	for _, l := range layers {
		for _, in := range l.Inputs {
			if !given[in] {
				given[in] = true
				rows = append(rows, &row{Layer: parity.Layer{Layer: in, Kind: "input"}, Title: in, Detail: "input", Sign: "▾", State: "input"})
			}
		}
	}
	return rows
}

// connect draws the graph.
func (m *model) connect() {
	nodes := make([]node, len(m.Rows))
	by := map[string]*row{}
	for i, r := range m.Rows {
		nodes[i] = node{name: r.Layer.Layer, inputs: r.Inputs, between: r.Verdict == parity.Missing}
		if i == len(m.Rows)-1 {
			nodes[i].name = "" // the output may have the name of a layer
		}
		for _, in := range r.Inputs {
			if from := by[in]; from != nil && !slices.Contains(r.Above, from) {
				r.Above = append(r.Above, from)
				from.Below = append(from.Below, r)
			}
		}
		if nodes[i].name != "" {
			by[nodes[i].name] = r
		}
	}
	g := draw(nodes)
	m.Lanes, m.Edges, m.Width, m.Height = g.lanes, g.edges, g.lanes*laneUnit, len(nodes)*rowUnit
	m.Gap, m.GapSlim = min(20, max(6, 170/g.lanes)), min(16, max(3, 80/g.lanes))
	for i, r := range m.Rows {
		r.Lane = g.lane[i]
	}
}

// mark tags the rows that the answer is about.
func (m *model) mark() {
	for _, r := range m.Rows {
		name := r.Layer.Layer
		if r.Verdict == parity.Missing {
			name = r.Reference
		}
		if f := m.FirstWrong; f != nil && m.First == nil && f.Layer == name && r.State != "equal" {
			r.Tags, m.First = append(r.Tags, "first wrong"), r
		}
		if c := m.Report.Cause; c != nil && m.Cause == nil && c.Layer == name {
			r.Tags, m.Cause = append(r.Tags, "cause"), r
		}
	}
	if m.First == nil || m.First.State == "input" {
		m.First = m.Cause
	}
}
