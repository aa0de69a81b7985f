package comparepage

import (
	"fmt"
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// deep is a report on a network of some 170 layers, with skip connections over its whole
// length, whose errors grow.
func deep() *parity.Report {
	r := &parity.Report{Model: "deep.onnx", Source: "in.npz", Answer: "Equal: only rounding.", Equal: true, Output: errorsOf(3e-7, true, 8, 1000)}
	add := func(name, kind string, inputs ...string) string {
		n := len(r.Layers)
		own := errorsOf(math.Pow(10, -8+float64(n%7)/4), true, 8, 64, 56, 56)
		own.Map = &parity.ErrorMap{Rows: parity.MapCells, Cols: parity.MapCells, Height: 112, Width: 112, Channel: 5,
			Worst: noise(n, parity.MapCells*parity.MapCells), Mean: noise(n+1, parity.MapCells*parity.MapCells), Channels: noise(n+2, parity.MapCells)}
		r.Layers = append(r.Layers, parity.Layer{Layer: name, Kind: kind, Shape: []int{64, 112, 112}, Inputs: inputs, Nodes: []string{"node"}, Verdict: parity.Equal,
			Isolated: own, Accumulated: errorsOf(math.Pow(10, -7.5+float64(n)/150), true, 8, 64, 56, 56)})
		return name
	}
	at, skips := add("stem", "Conv", "pixels"), []string{}
	for k := range 12 {
		in := at
		for j := range 4 {
			at = add(fmt.Sprintf("down%d.conv%d", k, j), "Conv", at)
			at = add(fmt.Sprintf("down%d.act%d", k, j), "relu", at)
		}
		at = add(fmt.Sprintf("down%d.add", k), "Add", at, in)
		skips = append(skips, at)
	}
	for k := len(skips) - 1; k >= 0; k-- {
		at = add(fmt.Sprintf("up%d.join", k), "Concat", at, skips[k])
		for j := range 3 {
			at = add(fmt.Sprintf("up%d.conv%d", k, j), "Conv", at)
		}
	}
	r.Output.Name = "logits"
	return r
}

// noise are n made-up errors, the same ones for a seed.
func noise(seed, n int) []float32 {
	errors := make([]float32, n)
	state := uint32(seed)*2654435761 + 1
	for i := range errors {
		state = state*1664525 + 1013904223
		errors[i] = float32(state>>8) / (1 << 24) * 1e-6
	}
	return errors
}

// A page of a deep network stays small enough to be sent, and its skip connections have lanes
// side by side within the page.
func TestDeepNetworks(t *testing.T) {
	r := deep()
	b, err := Comparison{Reference: r.Model, Verdict: "Equal", Models: []*parity.Report{r}}.HTML()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Layers) < 150 || len(b) > 6<<20 {
		t.Errorf("%d layers take %d bytes", len(r.Layers), len(b))
	}
	m, err := modelView(0, r)
	if err != nil {
		t.Fatal(err)
	}
	if m.Lanes < 12 || m.Lanes*m.GapSlim > 100 {
		t.Errorf("%d lanes of %d pixels", m.Lanes, m.GapSlim)
	}
	t.Logf("%d layers in %d lanes: %d bytes", len(r.Layers), m.Lanes, len(b))
}
