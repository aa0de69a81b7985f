package onnxio

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// TestEveryWindowIsWritten writes pools of every small window on one axis. Encode reads what it
// has written back and holds the evaluator beside the network, so that all three find the same
// number of positions.
func TestEveryWindowIsWritten(t *testing.T) {
	written := 0
	for i := range 4 * 4 * 4 * 2 * 3 * 3 {
		at := i
		choose := func(n int) int { c := at % n; at /= n; return c }
		size, kernel, stride := 1+choose(4), 1+choose(4), 1+choose(4)
		dilation, before, after := 1+choose(2), choose(3), choose(3)
		layers := []nn.Layer{layer.MaxPool{Kernel: [2]int{1, kernel}, Stride: [2]int{1, stride}, Dilation: [2]int{1, dilation}, Pads: [4]int{0, before, 0, after}, Ceil: true}}
		if dilation == 1 {
			layers = append(layers, layer.AveragePool{Kernel: [2]int{1, kernel}, Stride: [2]int{1, stride}, Pads: [4]int{0, before, 0, after}, Ceil: true, CountPads: true})
		}
		for _, l := range layers {
			net, err := nn.Sequential(nn.Shape{1, 1, size}, l)
			if err != nil {
				continue // no position, or one of padding alone
			}
			if _, err := Encode(net, EncodeOptions{}); err != nil && !strings.Contains(err.Error(), "Ceil adds a position on one axis") {
				t.Errorf("%+v of %d pixels: %v", l, size, err)
			}
			written++
		}
	}
	if written < 500 {
		t.Errorf("only %d pools are written", written)
	}
}
