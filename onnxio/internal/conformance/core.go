package conformance

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// coreOps are the operators of convolutional networks.
var coreOps = strings.Fields(`
	Conv Gemm MatMul Add Sub Mul Div Neg
	Relu LeakyRelu PRelu Elu Selu Celu Gelu Sigmoid Tanh HardSigmoid HardSwish Softplus Softsign Mish Swish ThresholdedRelu
	Softmax LogSoftmax BatchNormalization MaxPool AveragePool GlobalMaxPool GlobalAveragePool
	Flatten Reshape Transpose Squeeze Unsqueeze Identity Dropout Constant Clip Pad Concat`)

// unreadCore are cases of Identity with types that are not read.
var unreadCore = []string{"test_identity_opt", "test_identity_sequence"}

// Core reports whether a case of the suite node uses only operators of convolutional
// networks. In onnx 1.23.2 these are 247 of 1,884.
func Core(c Case) bool {
	if c.Suite != "node" {
		return false
	}
	m, err := graph.ReadFile(filepath.Join(c.dir, "model.onnx"))
	if err != nil {
		return slices.Contains(unreadCore, c.Name)
	}
	return !slices.ContainsFunc(m.Graph.Nodes, func(n *graph.Node) bool {
		return !n.Standard() || !slices.Contains(coreOps, n.OpType)
	})
}
