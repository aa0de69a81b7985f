package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/nonfinite"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// Inspection shows a network and how it was made.
type Inspection struct {
	Model    string            `json:"model"`
	Producer string            `json:"producer,omitempty"`
	Opset    int64             `json:"opset,omitempty"`
	Metadata map[string]string `json:"metadata,omitempty"`
	Notes    []string          `json:"notes,omitempty"`
	Input    nn.Shape          `json:"input"`
	Output   nn.Shape          `json:"output"`
	// Of a file's input and output, if its axes lie otherwise than the network's.
	InputLayout  string               `json:"input_layout,omitempty"`
	OutputLayout string               `json:"output_layout,omitempty"`
	Parameters   int                  `json:"parameters"` // that are trained
	Statistics   int                  `json:"statistics"` // running means and variances
	Constants    int                  `json:"constants"`  // numbers that stay as they are
	MACs         int                  `json:"macs"`
	Memory       Memory               `json:"memory"`
	Layers       []Layer              `json:"layers"`
	Activations  []Activation         `json:"activations"`
	Epochs       []train.EpochMetrics `json:"epochs,omitempty"` // of a run

	net *nn.Network
}

// Layer is one layer of a network.
type Layer struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"`
	Inputs     []string `json:"inputs"`
	Shape      nn.Shape `json:"shape"`
	Parameters []Param  `json:"parameters"`
	MACs       int      `json:"macs"`
}

// Param is a parameter of a layer.
type Param struct {
	Name  string   `json:"name"`
	Shape nn.Shape `json:"shape"`
	// NotFinite counts its numbers that are NaN or infinite.
	NotFinite int `json:"not_finite,omitempty"`
}

// Activation has the learned values in C, H, W order; activations that learn
// nothing have none. Their kind carries the fixed argument: leaky:-0.5.
type Activation struct {
	Layer   string    `json:"layer"`
	Kind    string    `json:"kind"`
	Sharing string    `json:"sharing,omitempty"`
	Shape   nn.Shape  `json:"shape,omitempty"`
	Values  []float32 `json:"values,omitempty"`
}

// Text writes the layers, slopes and metadata.
func (r *Inspection) Text(w *Page) {
	fmt.Fprint(w, table.Printable(r.Model))
	if r.Producer != "" || r.Opset != 0 {
		fmt.Fprintf(w, " (%s)", producedText(r.Producer, r.Opset))
	}
	fmt.Fprintln(w)
	printLayers(w, r.net)
	w.fill("%s", r.Memory.text())
	printLayout(w, "takes", r.Input, r.InputLayout)
	printLayout(w, "gives", r.Output, r.OutputLayout)
	printNotFinite(w, r.net)
	printSlopes(w, SlopesOf(r.net))
	printMetadata(w, r.Metadata)
	for _, note := range r.Notes {
		w.fill("note: %s", note)
	}
}

// InspectionOf shows a model that has a trainable form.
func InspectionOf(src *model.Model) *Inspection {
	net := src.Net
	r := &Inspection{
		net: net, Model: src.Name, Input: net.InputShape(), Output: net.OutputShape(),
		Parameters: net.NumParams(), Statistics: net.NumStatistics(), Constants: net.NumConstants(), MACs: net.MACs(), Memory: MemoryOf(net), Activations: []Activation{},
		Metadata: src.Metadata, Epochs: src.History,
	}
	if f := src.File; f != nil {
		r.Producer, r.Opset, r.Notes = f.Producer, f.Opset, f.Notes
		r.InputLayout, r.OutputLayout = layoutText(f.InputOrder), layoutText(f.OutputOrder)
	}
	for _, n := range net.Nodes() {
		l := Layer{Name: n.Name, Kind: n.Layer.Kind(), Inputs: n.Inputs, Shape: n.Shape, MACs: n.MACs(), Parameters: paramsOf(n)}
		r.Layers = append(r.Layers, l)
		if act, ok := n.Layer.(activation.Layer); ok {
			r.Activations = append(r.Activations, describeActivation(n, act))
		}
	}
	return r
}

// printNotFinite tells of parameters that are NaN or infinite.
func printNotFinite(w *Page, net *nn.Network) {
	for _, p := range nonfinite.Params(net) {
		w.fill("%s: %s of %s numbers are not finite, the first at %d: %v", p.FullName(), thousands(p.Count), thousands(len(p.Data)), p.First, p.Data[p.First])
	}
}

func paramsOf(n *nn.Node) []Param {
	params := []Param{}
	for _, p := range n.Params {
		bad, _ := nonfinite.Count(p.Data)
		params = append(params, Param{p.Name, p.Shape, bad})
	}
	return params
}

func describeActivation(n *nn.Node, act activation.Layer) Activation {
	a := Activation{Layer: n.Name, Kind: act.String()}
	if len(n.Params) > 0 {
		p := n.Params[0]
		a.Kind, a.Sharing, a.Shape, a.Values = act.Kind(), act.Sharing.String(), p.Shape, p.Data
	}
	return a
}
