package kinds

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/plot"
)

var network = &Kind{
	Name: "network", Usage: "the layers of a network as a graph; also FILE.dot for Graphviz",
	Takes: Models,
	Draw:  drawNetwork,
	Formats: map[string]func(*Input) ([]byte, error){
		".dot": func(in *Input) ([]byte, error) {
			net, err := theNetwork(in)
			if err != nil {
				return nil, err
			}
			return dot(in.Sources[0].Name, blocksOf(net)), nil
		},
	},
}

// theNetwork is that of the only source.
func theNetwork(in *Input) (*nn.Network, error) {
	if len(in.Sources) != 1 {
		return nil, Usage("network takes one run or model, got %d", len(in.Sources))
	}
	m := in.Sources[0].Model
	if m.Foreign != nil {
		return nil, m.Untrainable()
	}
	return m.Net, nil
}

func drawNetwork(in *Input) (*plot.Figure, error) {
	net, err := theNetwork(in)
	if err != nil {
		return nil, err
	}
	return NetworkFigure(in.Sources[0].Name, net), nil
}
