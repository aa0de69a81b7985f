package reference

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Signature is what one of ONNX's operators takes in one version.
type Signature struct {
	Inputs     int // at most, −1 for any number
	Attributes []string
}

// SignatureOf finds an operator's in a version. Before its first version it is that. An
// operator that ONNX does not have is an error.
func SignatureOf(op string, opset int64) (Signature, error) {
	var fields []string
	for row := range strings.SplitSeq(signatures[op], "; ") {
		since, rest, _ := strings.Cut(row, ": ")
		version, err := strconv.ParseInt(since, 10, 64)
		if err != nil {
			return Signature{}, fmt.Errorf("operator %s has no signature", op)
		}
		if fields == nil || version <= opset {
			fields = strings.Fields(rest)
		}
	}
	s := Signature{Inputs: -1, Attributes: fields[1:]}
	if fields[0] != "*" {
		var err error
		if s.Inputs, err = strconv.Atoi(fields[0]); err != nil {
			return s, err
		}
	}
	return s, nil
}

// check is an error if a node has an attribute or inputs that its operator does not have:
// what they mean would be left out.
func (s Signature) check(n *graph.Node, inputs int, opset int64) error {
	for _, a := range n.Attrs {
		if !slices.Contains(s.Attributes, a.Name) {
			return fmt.Errorf("it has an attribute %q, which %s of opset %d does not", a.Name, n.OpType, opset)
		}
	}
	if s.Inputs >= 0 && inputs > s.Inputs {
		return fmt.Errorf("it has %d inputs, %s of opset %d at most %d", inputs, n.OpType, opset, s.Inputs)
	}
	return nil
}
