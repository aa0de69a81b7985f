package shapeinfer

import (
	"math"

	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

func shapeMatMul(q *query) [][]int {
	a, b := q.in(0), q.in(1)
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	// An operand of one axis is a row or a column, and the result does not have that axis.
	row, column := len(a) == 1, len(b) == 1
	if row {
		a = []int{1, a[0]}
	}
	if column {
		b = []int{b[0], 1}
	}
	s := Broadcast(a[:len(a)-2], b[:len(b)-2])
	if s == nil {
		return nil
	}
	if !row {
		s = append(s, a[len(a)-2])
	}
	if !column {
		s = append(s, b[len(b)-1])
	}
	return [][]int{s}
}

func shapeGemm(q *query) [][]int {
	a, b := q.in(0), q.in(1)
	transA, err1 := q.n.Int("transA", 0)
	transB, err2 := q.n.Int("transB", 0)
	if len(a) != 2 || len(b) != 2 || err1 != nil || err2 != nil {
		return nil
	}
	rows, cols := a[0], b[1]
	if transA != 0 {
		rows = a[1]
	}
	if transB != 0 {
		cols = b[0]
	}
	return [][]int{{rows, cols}}
}

func shapeGiven(q *query) [][]int {
	to, ok := q.ints(0)
	if !ok {
		return nil
	}
	return [][]int{ir.ToInts(to)}
}

// shapeShape is that of all sizes, or of those from start up to end.
func shapeShape(q *query) [][]int {
	if q.in(0) == nil {
		return nil
	}
	d := shapeData(q.n, q.in(0))
	if d == nil {
		return nil
	}
	return [][]int{d.Shape}
}

func shapeSize(*query) [][]int { return [][]int{{}} }

// shapeRange: the integers from start on, before limit.
func shapeRange(q *query) [][]int {
	start, ok1 := q.ints(0)
	limit, ok2 := q.ints(1)
	delta, ok3 := q.ints(2)
	if !ok1 || !ok2 || !ok3 || len(start) != 1 || len(limit) != 1 || len(delta) != 1 || delta[0] == 0 {
		return nil
	}
	n := math.Ceil((float64(limit[0]) - float64(start[0])) / float64(delta[0]))
	return [][]int{{int(min(max(n, 0), ir.MostVolume))}}
}
