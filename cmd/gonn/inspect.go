package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
)

func inspectCommand() *cli.Command {
	return &cli.Command{
		Name:      "inspect",
		Usage:     "layers, shapes, parameters, multiply–accumulates and slopes of a network, and how it was made",
		ArgsUsage: "[MODEL.onnx]",
		Description: "Of a file that has no trainable form it shows inputs, outputs, operators and the nodes\n" +
			"that stand in the way.\n\n" +
			"Examples:\n" +
			"  gonn inspect model.onnx\n" +
			"  gonn inspect --run runs/prelu-001 --json   every learned slope",
		Flags:  []cli.Flag{runFlag, jsonFlag},
		Action: inspect,
	}
}

// inspectReport is what --json prints.
type inspectReport struct {
	Model    string            `json:"model"`
	Producer string            `json:"producer,omitempty"`
	Opset    int64             `json:"opset,omitempty"`
	Metadata map[string]string `json:"metadata,omitempty"`
	Notes    []string          `json:"notes,omitempty"`
	Input    nn.Shape          `json:"input"`
	Output   nn.Shape          `json:"output"`
	// Of a file's input and output, if its axes lie otherwise than the network's.
	InputLayout  string             `json:"input_layout,omitempty"`
	OutputLayout string             `json:"output_layout,omitempty"`
	Parameters   int                `json:"parameters"` // that are trained
	Statistics   int                `json:"statistics"` // running means and variances
	MACs         int                `json:"macs"`
	Layers       []layerReport      `json:"layers"`
	Activations  []activationReport `json:"activations"`
}

type layerReport struct {
	Name       string        `json:"name"`
	Kind       string        `json:"kind"`
	Inputs     []string      `json:"inputs"`
	Shape      nn.Shape      `json:"shape"`
	Parameters []paramReport `json:"parameters"`
	MACs       int           `json:"macs"`
}

type paramReport struct {
	Name  string   `json:"name"`
	Shape nn.Shape `json:"shape"`
}

// activationReport has the learned values in C, H, W order; activations that learn
// nothing have none. Their kind carries the fixed argument: leaky:-0.5.
type activationReport struct {
	Layer   string    `json:"layer"`
	Kind    string    `json:"kind"`
	Sharing string    `json:"sharing,omitempty"`
	Shape   nn.Shape  `json:"shape,omitempty"`
	Values  []float32 `json:"values,omitempty"`
}

func inspect(c *cli.Context) error {
	path, err := oneArg(c, "MODEL.onnx")
	if err != nil {
		return err
	}
	src, err := openSource(c, path)
	if err != nil {
		return err
	}
	if src.Foreign != nil {
		r := inspectForeign(src)
		if c.Bool("json") {
			return writeJSON(c.App.Writer, r)
		}
		r.print(c.App.Writer)
		return nil
	}
	r := inspectNetwork(src)
	if c.Bool("json") {
		return writeJSON(c.App.Writer, r)
	}
	w := c.App.Writer
	fmt.Fprintf(w, "%s", src.Name)
	if src.File != nil {
		fmt.Fprintf(w, " (%s, opset %d)", src.File.Producer, src.File.Opset)
	}
	fmt.Fprintln(w)
	printLayers(w, src.Net)
	printLayout(w, "takes", r.Input, r.InputLayout)
	printLayout(w, "gives", r.Output, r.OutputLayout)
	printSlopes(w, src.Net)
	printMetadata(w, src.Metadata)
	for _, note := range r.Notes {
		fmt.Fprintf(w, "note: %s\n", note)
	}
	return nil
}

func inspectNetwork(src *source) inspectReport {
	net := src.Net
	r := inspectReport{
		Model: src.Name, Input: net.InputShape(), Output: net.OutputShape(),
		Parameters: net.NumParams(), Statistics: net.NumStatistics(), MACs: net.MACs(), Activations: []activationReport{},
		Metadata: src.Metadata,
	}
	if f := src.File; f != nil {
		r.Producer, r.Opset, r.Notes = f.Producer, f.Opset, f.Notes
		r.InputLayout, r.OutputLayout = layoutText(f.InputOrder), layoutText(f.OutputOrder)
	}
	for _, n := range net.Nodes() {
		l := layerReport{Name: n.Name, Kind: n.Layer.Kind(), Inputs: n.Inputs, Shape: n.Shape, MACs: n.MACs(), Parameters: paramsOf(n)}
		r.Layers = append(r.Layers, l)
		if act, ok := n.Layer.(nn.Activation); ok {
			r.Activations = append(r.Activations, describeActivation(n, act))
		}
	}
	return r
}

func paramsOf(n *nn.Node) []paramReport {
	params := []paramReport{}
	for _, p := range n.Params {
		params = append(params, paramReport{p.Name, p.Shape})
	}
	return params
}

func describeActivation(n *nn.Node, act nn.Activation) activationReport {
	a := activationReport{Layer: n.Name, Kind: act.String()}
	if len(n.Params) > 0 {
		p := n.Params[0]
		a.Kind, a.Sharing, a.Shape, a.Values = act.Kind(), act.Sharing.String(), p.Shape, p.Data
	}
	return a
}
