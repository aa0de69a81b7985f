package reference

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// lossOps compare scores of classes with the right ones.
var lossOps = map[string]op{
	"NegativeLogLikelihoodLoss": nllLoss,
	"SoftmaxCrossEntropyLoss":   softmaxLoss,
}

// nllLoss is −x at the right class, x [N, C, D1, …] and the classes [N, D1, …]: times the
// class's weight (input 2), and summed up as the attribute reduction says. A mean is one
// over the weights. Places whose class is ignore_index have weight 0.
func nllLoss(c *call) ([]*Tensor, error) {
	x, err := c.maps(0, 0)
	if err != nil {
		return nil, err
	}
	return one(c.likelihood(x))
}

// softmaxLoss is nllLoss of the logarithm of Softmax over the classes, which is the second
// result.
func softmaxLoss(c *call) ([]*Tensor, error) {
	x, err := c.maps(0, 0)
	if err != nil {
		return nil, err
	}
	_, n, inner := around(x.Shape, 1)
	logs := like(x, slices.Clone(x.Floats))
	eachLine(logs.Floats, n, inner, logSoftmax)
	loss, err := c.likelihood(logs)
	return []*Tensor{loss, logs}, err
}

func (c *call) likelihood(x *Tensor) (*Tensor, error) {
	class, err := c.input(1)
	if err != nil {
		return nil, err
	}
	shape := slices.Delete(slices.Clone(x.Shape), 1, 2)
	if class.Type != graph.Int32 && class.Type != graph.Int64 || !slices.Equal(class.Shape, shape) {
		return nil, fmt.Errorf("classes of type %v and shape %v do not fit scores of shape %v", class.Type, class.Shape, x.Shape)
	}
	_, classes, inner := around(x.Shape, 1)
	weight, err := c.vector(2, classes)
	if err != nil {
		return nil, err
	}
	ignored, reduction := c.int("ignore_index", 0), c.string("reduction", "mean", "sum", "none")
	loss, sum, weights := make([]float64, len(class.Ints)), 0.0, 0.0
	for i, k := range class.Ints {
		switch {
		case c.has("ignore_index") && int(k) == ignored:
			continue
		case k < 0 || k >= int64(classes):
			return nil, fmt.Errorf("class %d is not one of %d", k, classes)
		}
		w := 1.0
		if weight != nil {
			w = weight[k]
		}
		loss[i] = -w * x.Floats[(i/inner*classes+int(k))*inner+i%inner]
		sum, weights = sum+loss[i], weights+w
	}
	switch reduction {
	case "none":
		return FromFloat64s(x.Type, shape, loss), nil
	case "mean":
		sum /= weights
	}
	return FromFloat64s(x.Type, nil, []float64{sum}), nil
}
