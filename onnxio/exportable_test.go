package onnxio

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

func TestNetworksOfSeveralInputsAreNotExported(t *testing.T) {
	dense := layer.Dense{Out: 2}
	for want, b := range map[string]*nn.Builder{
		"inputs a, b and outputs sum": nn.NewBuilder(nil).Input("a", nn.Shape{2}).Input("b", nn.Shape{2}).Add("sum", layer.Add{}, "a", "b"),
		"outputs one, two":            nn.NewBuilder(nn.Shape{3}).Add("one", dense).Add("two", dense).Outputs("one", "two"),
		`from input "x"`:              nn.NewBuilder(nil).Input("x", nn.Shape{3}).Add("one", dense),
	} {
		net, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Export(net, EncodeOptions{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
