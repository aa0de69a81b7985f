package kinds

import "github.com/gonn-toolkit/gonn/train/plot"

var network = &Kind{
	Name: "network", Usage: "the layers of a network as a graph; also FILE.dot for Graphviz",
	Takes: OneModel, Trainable: true,
	Draw: drawNetwork,
	Formats: map[string]func(*Input) ([]byte, error){
		".dot": func(in *Input) ([]byte, error) {
			src, err := in.network("network")
			if err != nil {
				return nil, err
			}
			return dot(src.Name, blocksOf(src.Model.Net)), nil
		},
	},
}

func drawNetwork(in *Input) (*plot.Figure, error) {
	src, err := in.network("network")
	if err != nil {
		return nil, err
	}
	return NetworkFigure(src.Name, src.Model.Net), nil
}
