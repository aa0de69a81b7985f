package reference

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// matMulOps are products of matrices.
var matMulOps = map[string]op{
	"MatMul": matMul,
	"Gemm":   gemm,
	"Det":    det,
}

// matMul multiplies as numpy.matmul does: [..., m, k] by [..., k, n], where the axes in
// front broadcast. A vector counts as a row on the left and as a column on the right, and
// its axis is missing in the result.
func matMul(c *call) ([]*Tensor, error) {
	a, err := c.input(0)
	if err != nil {
		return nil, err
	}
	b, err := c.input(1)
	switch {
	case err != nil:
		return nil, err
	case isFloat(a.Type) && isFloat(b.Type):
		y, shape, err := multiply(a.Floats, b.Floats, a.Shape, b.Shape, c.matrixProduct)
		return one(FromFloat64s(a.Type, shape, y), err)
	case a.Type == b.Type && wide(a.Type):
		y, shape, err := multiply(a.Ints, b.Ints, a.Shape, b.Shape, c.integerMatrixProduct)
		for i, v := range y {
			y[i] = wrap(a.Type, v)
		}
		return one(FromInt64s(a.Type, shape, y), err)
	}
	return nil, fmt.Errorf("element types %v and %v are not multiplied", a.Type, b.Type)
}

// wide reports whether a type of integers is one that ONNX multiplies matrices of.
func wide(t graph.DataType) bool {
	return t == graph.Int32 || t == graph.Int64 || t == graph.Uint32 || t == graph.Uint64
}

// multiply is matMul on numbers of one kind. product adds the product of two matrices of sizes
// [m, k] and [k, n] to one of zeros.
func multiply[T float64 | int64](a, b []T, as, bs []int, product func(y, a, b []T, m, k, n int) error) ([]T, []int, error) {
	if len(as) == 0 || len(bs) == 0 {
		return nil, nil, fmt.Errorf("shapes %v and %v: a scalar is no matrix", as, bs)
	}
	row, column := len(as) == 1, len(bs) == 1
	if row {
		as = []int{1, as[0]}
	}
	if column {
		bs = []int{bs[0], 1}
	}
	an, bn := len(as)-2, len(bs)-2
	m, k, n := as[an], as[an+1], bs[bn+1]
	batch, err := broadcastShape(as[:an], bs[:bn])
	if err != nil || bs[bn] != k {
		return nil, nil, fmt.Errorf("shapes %v and %v cannot be multiplied", as, bs)
	}
	size, err := sizeOf(append(slices.Clone(batch), m, n))
	if err != nil {
		return nil, nil, err
	}
	aAt, err := blocks(as[:an], batch)
	if err != nil {
		return nil, nil, err
	}
	bAt, err := blocks(bs[:bn], batch)
	if err != nil {
		return nil, nil, err
	}
	y := make([]T, size)
	for i := range aAt.Ints {
		if err := product(y[i*m*n:][:m*n], a[int(aAt.Ints[i])*m*k:][:m*k], b[int(bAt.Ints[i])*k*n:][:k*n], m, k, n); err != nil {
			return nil, nil, err
		}
	}
	shape := batch
	if !row {
		shape = append(shape, m)
	}
	if !column {
		shape = append(shape, n)
	}
	return y, shape, nil
}

// integerMatrixProduct adds a [m, k] times b [k, n] to y [m, n].
func (c *call) integerMatrixProduct(y, a, b []int64, m, k, n int) error {
	for i := range m {
		if err := c.did(k * n); err != nil {
			return err
		}
		yi := y[i*n:][:n]
		for p := range k {
			f, bp := a[i*k+p], b[p*n:][:n]
			for j := range yi {
				yi[j] += f * bp[j]
			}
		}
	}
	return nil
}

// blocks numbers the blocks of shape from as they repeat over shape to.
func blocks(from, to []int) (*Tensor, error) {
	count := make([]int64, product(from))
	for i := range count {
		count[i] = int64(i)
	}
	return FromInt64s(graph.Int64, from, count).spread(to)
}
