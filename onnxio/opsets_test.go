package onnxio

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
)

func TestEveryActivationReadsBackToTheBitInEveryOpset(t *testing.T) {
	for _, opset := range WriteOpsets {
		for _, spelled := range everyActivation() {
			net := nets(t, activation.Must(spelled))["plain"]
			im := roundTrip(t, fmt.Sprint(spelled, " in opset ", opset), net, EncodeOptions{Opset: opset})
			if im.Opset != opset {
				t.Errorf("asked for opset %d, got %d", opset, im.Opset)
			}
		}
	}
}

// What came after opset 16 is used where it is there, but not where a parameter would no
// longer be one.
func TestOperatorsOfEachOpset(t *testing.T) {
	for _, c := range []struct {
		act  string
		want [4]string // nodes of the activation, for each of WriteOpsets
	}{
		{"mish", [4]string{"Softplus Tanh Mul", "Mish", "Mish", "Mish"}},
		{"gelu", [4]string{"Div Erf Add Mul Mul", "Div Erf Add Mul Mul", "Gelu", "Gelu"}},
		{"swish", [4]string{"Sigmoid Mul", "Sigmoid Mul", "Sigmoid Mul", "Swish"}},
		{"swish:1.5", [4]string{"Mul Sigmoid Mul", "Mul Sigmoid Mul", "Mul Sigmoid Mul", "Swish"}},
		{"swish-beta:one", [4]string{"Mul Sigmoid Mul", "Mul Sigmoid Mul", "Mul Sigmoid Mul", "Mul Sigmoid Mul"}},
		{"swish-beta:channel", [4]string{"Mul Sigmoid Mul", "Mul Sigmoid Mul", "Mul Sigmoid Mul", "Mul Sigmoid Mul"}},
		{"prelu:one", [4]string{"PRelu", "PRelu", "PRelu", "PRelu"}},
		{"hardswish", [4]string{"HardSwish", "HardSwish", "HardSwish", "HardSwish"}},
	} {
		net, err := nn.Sequential(nn.Shape{2, 3, 3}, activation.Must(c.act))
		if err != nil {
			t.Fatal(err)
		}
		for i, opset := range WriteOpsets {
			m, err := Export(net, EncodeOptions{Opset: opset})
			if err != nil {
				t.Fatal(err)
			}
			var ops []string
			for _, n := range m.Graph.Nodes {
				if n.OpType != "Constant" {
					ops = append(ops, n.OpType)
				}
			}
			if got := strings.Join(ops, " "); got != c.want[i] {
				t.Errorf("%s in opset %d is %s, want %s", c.act, opset, got, c.want[i])
			}
		}
	}
}

// The pairs are those of onnx.helper.VERSION_TABLE.
func TestFormatOfEachOpset(t *testing.T) {
	net := nets(t, activation.Must("relu"))["mlp"]
	var irs []int64
	for _, opset := range WriteOpsets {
		m, err := Export(net, EncodeOptions{Opset: opset})
		if err != nil {
			t.Fatal(err)
		}
		irs = append(irs, m.IRVersion)
	}
	if want := []int64{8, 8, 9, 12}; !slices.Equal(irs, want) {
		t.Errorf("opsets %v are written in IR versions %v, want %v", WriteOpsets, irs, want)
	}
}

func TestOtherOpsetsAreRefused(t *testing.T) {
	net := nets(t, activation.Must("relu"))["mlp"]
	for _, opset := range []int64{-16, 7, 15, 17, 19, 23, 25, 28} {
		b, err := Encode(net, EncodeOptions{Opset: opset})
		if b != nil || err == nil {
			t.Fatalf("opset %d: %d bytes and error %v", opset, len(b), err)
		}
		for _, want := range append([]int64{opset}, WriteOpsets...) {
			if !strings.Contains(err.Error(), fmt.Sprint(want)) {
				t.Errorf("opset %d: the error %q does not name %d", opset, err, want)
			}
		}
	}
	if err := CheckWriteOpset(0); err == nil {
		t.Error("opset 0 is written")
	}
}
