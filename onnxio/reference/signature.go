package reference

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// signature is what an operator takes in one version.
type signature struct {
	inputs int // at most, −1 for any number
	attrs  []string
}

// signatureOf finds an operator's in a version. Before its first version it is that.
func signatureOf(op string, opset int64) (signature, error) {
	var fields []string
	for row := range strings.SplitSeq(signatures[op], "; ") {
		since, rest, _ := strings.Cut(row, ": ")
		version, err := strconv.ParseInt(since, 10, 64)
		if err != nil {
			return signature{}, fmt.Errorf("operator %s has no signature", op)
		}
		if fields == nil || version <= opset {
			fields = strings.Fields(rest)
		}
	}
	s := signature{inputs: -1, attrs: fields[1:]}
	if fields[0] != "*" {
		var err error
		if s.inputs, err = strconv.Atoi(fields[0]); err != nil {
			return s, err
		}
	}
	return s, nil
}

// check is an error if a node has an attribute or inputs that its operator does not have:
// what they mean would be left out.
func (s signature) check(n *graph.Node, inputs int, opset int64) error {
	for _, a := range n.Attrs {
		if !slices.Contains(s.attrs, a.Name) {
			return fmt.Errorf("it has an attribute %q, which %s of opset %d does not", a.Name, n.OpType, opset)
		}
	}
	if s.inputs >= 0 && inputs > s.inputs {
		return fmt.Errorf("it has %d inputs, %s of opset %d at most %d", inputs, n.OpType, opset, s.inputs)
	}
	return nil
}
