package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train/report/table"
	"github.com/gonn-toolkit/gonn/train/shell"
)

// Import tells what was recovered of a file, and from which nodes.
type Import struct {
	Model      string           `json:"model"`
	Run        string           `json:"run"`
	Producer   string           `json:"producer,omitempty"`
	Opset      int64            `json:"opset"`
	Input      End              `json:"input"`
	Output     End              `json:"output"`
	Parameters int              `json:"parameters"` // that are trained
	Statistics int              `json:"statistics"` // running means and variances
	Constants  int              `json:"constants"`  // numbers that stay as they are
	Layers     []RecoveredLayer `json:"layers"`
	Folded     int              `json:"folded"` // nodes that only computed constants and shapes
	Moved      int              `json:"moved"`  // nodes that only moved axes
	Notes      []string         `json:"notes"`

	net *nn.Network
}

// End is the input or the output of a file.
type End struct {
	Name   string   `json:"name"`
	Shape  nn.Shape `json:"shape"`            // in the network
	Layout string   `json:"layout,omitempty"` // of the file, if it is another
}

// RecoveredLayer is a layer and the nodes of the file that it was.
type RecoveredLayer struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"`
	Settings   string   `json:"settings,omitempty"`
	Inputs     []string `json:"inputs"`
	Shape      nn.Shape `json:"shape"`
	Parameters []Param  `json:"parameters"`
	// From are the operators of the file's nodes that the layer stands for; none if those
	// of the layer before it do its work too.
	From []string `json:"from"`
}

// ImportOf reports the import of a file into the run folder dir.
func ImportOf(path, dir string, im *onnxio.Imported) *Import {
	net := im.Network
	r := &Import{
		Model: path, Run: dir, Producer: im.Producer, Opset: im.Opset,
		Input:      endOf(im.Input, net.InputShape(), im.InputOrder),
		Output:     endOf(im.Output, net.OutputShape(), im.OutputOrder),
		Parameters: net.NumParams(), Statistics: net.NumStatistics(), Constants: net.NumConstants(),
		net: net, Folded: im.Folded, Moved: im.Moved, Notes: append([]string{}, im.Notes...),
	}
	from := map[string][]string{}
	for _, l := range im.Layers {
		from[l.Name] = l.Operators()
	}
	for _, n := range net.Nodes() {
		r.Layers = append(r.Layers, RecoveredLayer{
			Name: n.Name, Kind: kindOf(n.Layer), Settings: settingsText(n), Inputs: n.Inputs,
			Shape: n.Shape, Parameters: paramsOf(n), From: append([]string{}, from[n.Name]...),
		})
	}
	return r
}

func endOf(name string, shape nn.Shape, order onnxio.AxisOrder) End {
	return End{Name: name, Shape: shape, Layout: layoutText(order)}
}

// Text writes the layers as a table, and what is not as it was in the file.
func (r *Import) Text(w *Page) {
	net := r.net
	fmt.Fprintf(w, "%s (%s) → %s\n\n", table.Printable(r.Model), producedText(r.Producer, r.Opset), table.Printable(r.Run))
	columns, cells := forChain(net, []table.Column{
		{Title: "layer", Shrink: 4}, {Title: "kind", Shrink: 5, Min: 22}, {Title: "inputs", Shrink: 3, Drop: 6},
		{Title: "output shape"}, {Title: "parameters", Right: true}, {Title: "from the file's", Shrink: 1, Min: 10, Drop: 7},
	})
	t := table.New(columns...)
	t.Row(cells(nn.InputName, r.Input.Layout, "", r.Input.Shape.String(), "0", strconv.Quote(r.Input.Name))...)
	for i, n := range net.Nodes() {
		l := r.Layers[i]
		t.Row(cells(l.Name, strings.TrimSpace(l.Kind+" "+l.Settings), strings.Join(l.Inputs, ", "), l.Shape.String(), thousands(Trained(n)), fromText(l))...)
	}
	w.table(t)
	fmt.Fprintf(w, "total parameters: %s%s\n", thousands(r.Parameters), untrainedText(net))
	r.printChanges(w)
	fmt.Fprintf(w, "\nNext: gonn eval --run %s, gonn train --net %s\n", shell.Word(r.Run), shell.Word(r.Run))
}

// printChanges tells what is not as it was in the file.
func (r *Import) printChanges(w *Page) {
	printLayout(w, "takes", r.Input.Shape, r.Input.Layout)
	printLayout(w, "gives", r.Output.Shape, r.Output.Layout)
	if r.Folded > 0 {
		fmt.Fprintf(w, "folded: %s that only computed constants and shapes\n", nodes(r.Folded))
	}
	if r.Moved > 0 {
		w.fill("moved: %s that only moved axes; slopes and weights lie as the network has them", nodes(r.Moved))
	}
	for _, note := range r.Notes {
		w.fill("note: %s", note)
	}
}

// printLayout says that the axes of a file's input or output lie otherwise than the
// network's.
func printLayout(w io.Writer, does string, shape nn.Shape, layout string) {
	if layout != "" {
		fmt.Fprintf(w, "layout: the file %s %s, the network %s\n", does, layout, shape.Batched())
	}
}

// layoutText names an order, "" if it is the network's.
func layoutText(o onnxio.AxisOrder) string {
	if o == nil {
		return ""
	}
	return o.String()
}

func nodes(n int) string {
	if n == 1 {
		return "1 node"
	}
	return thousands(n) + " nodes"
}

// fromText joins operators as in Relu+Neg+Relu+Mul+Add, of many the first ones.
func fromText(l RecoveredLayer) string {
	const most = 12
	switch n := len(l.From); {
	case n == 0:
		return "with " + oneLine(strings.Join(l.Inputs, ", "))
	case n > most:
		return fmt.Sprintf("%s+… (%d)", oneLine(strings.Join(l.From[:most], "+")), n)
	}
	return oneLine(strings.Join(l.From, "+"))
}
