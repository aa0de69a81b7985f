package reference

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// gemm is alpha·A·B + beta·C, A and B transposed if transA and transB say so. C broadcasts
// to the product and may be missing (opset 11).
func gemm(c *call) ([]*Tensor, error) {
	alpha, beta := c.float("alpha", 1), c.float("beta", 1)
	transA, transB := c.flag("transA", false), c.flag("transB", false)
	a, err := c.matrix(0, transA)
	if err != nil {
		return nil, err
	}
	b, err := c.matrix(1, false)
	if err != nil {
		return nil, err
	}
	bs, times := b.Shape, c.matrixProduct
	if transB {
		bs, times = []int{bs[1], bs[0]}, c.matrixProductT
	}
	y, shape, err := multiply(a.Floats, b.Floats, a.Shape, bs, times)
	if err != nil {
		return nil, err
	}
	for i := range y {
		y[i] *= alpha
	}
	if c.optional(2) != nil {
		bias, err := c.numbers(2)
		if err != nil {
			return nil, err
		}
		if bias, err = bias.spread(shape); err != nil {
			return nil, err
		}
		addScaled(y, beta, bias.Floats, 1)
	}
	return []*Tensor{FromFloat64s(graph.Double, shape, y).as(c.in[0].Type)}, nil
}

// matrix is input k, transposed if trans says so.
func (c *call) matrix(k int, trans bool) (*Tensor, error) {
	t, err := c.numbers(k)
	switch {
	case err != nil:
		return nil, err
	case len(t.Shape) != 2:
		return nil, fmt.Errorf("input %d has shape %v, it must be a matrix", k, t.Shape)
	case !trans:
		return t, nil
	}
	return t.transpose([]int{1, 0})
}
