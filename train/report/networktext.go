package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// LayerText is a layer's kind with what it is made with: "Conv 4, 3×3, stride 2".
func LayerText(n *nn.Node) string {
	if settings := settingsText(n); settings != "" {
		return kindOf(n.Layer) + " " + settings
	}
	return kindOf(n.Layer)
}

// ParamsText counts a layer's parameters that training changes: "1,608 parameters"; "" for none.
func ParamsText(nodes ...*nn.Node) string {
	n := 0
	for _, node := range nodes {
		n += Trained(node)
	}
	switch n {
	case 0:
		return ""
	case 1:
		return "1 parameter"
	}
	return thousands(n) + " parameters"
}

// SizeText is the size of a network in a line.
func SizeText(net *nn.Network) string {
	return fmt.Sprintf("%s parameters, %s multiply–accumulates a sample", thousands(net.NumParams()), thousands(net.MACs()))
}
