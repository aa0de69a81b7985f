// Package assign solves the linear assignment problem. Max pairs the rows and columns of a
// square matrix so that the sum of the chosen elements is the largest.
package assign

import (
	"fmt"
	"math"
)

// largest keeps sums of prices finite.
const largest = 1e100

// Max returns for each row of an n × n matrix, row-major, the column that it is paired with, so
// that the sum of these elements is the largest. Each column is in one pair.
//
// It finds shortest augmenting paths with dual prices (Jonker and Volgenant 1987, in the form
// of Crouse 2016, which SciPy's linear_sum_assignment uses too), in O(n³) time and O(n) memory.
// It is an error if gain has not n·n elements, or one that is not finite or beyond ±1e100.
func Max(n int, gain []float64) ([]int, error) {
	if n < 0 || len(gain) != n*n {
		return nil, fmt.Errorf("assignment: %d elements for %d rows and columns; need a square matrix", len(gain), n)
	}
	for i, g := range gain {
		if !(math.Abs(g) <= largest) {
			return nil, fmt.Errorf("assignment: the element at row %d, column %d is %g; need numbers from %g to %g", i/n, i%n, g, -largest, largest)
		}
	}
	s := newSolver(n, gain)
	s.start()
	for row, col := range s.colOf {
		if col < 0 {
			s.augment(row)
		}
	}
	return s.colOf, nil
}

// solver holds a partial assignment and prices at which no pair of a row and a column costs
// less than nothing, and those that are assigned cost nothing.
type solver struct {
	n            int
	gain         []float64
	rowPrice     []float64
	colPrice     []float64
	colOf, rowOf []int // −1 if not assigned

	distance []float64 // of each column on the shortest path from the row that is assigned
	before   []int     // the row from which a column is reached
	todo     []int     // columns that the search has not scanned
	rows     []int     // rows that it has
	cols     []int     // columns that it has
}

func newSolver(n int, gain []float64) *solver {
	s := &solver{
		n: n, gain: gain, rowPrice: make([]float64, n), colPrice: make([]float64, n),
		colOf: make([]int, n), rowOf: make([]int, n),
		distance: make([]float64, n), before: make([]int, n),
		todo: make([]int, 0, n), rows: make([]int, 0, n), cols: make([]int, 0, n),
	}
	for i := range n {
		s.colOf[i], s.rowOf[i] = -1, -1
	}
	return s
}

// start prices each column at its smallest cost, and assigns rows to columns that cost nothing
// then.
func (s *solver) start() {
	for col := range s.n {
		best := 0
		for row := range s.n {
			if s.gain[row*s.n+col] > s.gain[best*s.n+col] {
				best = row
			}
		}
		s.colPrice[col] = -s.gain[best*s.n+col]
		if s.colOf[best] < 0 {
			s.colOf[best], s.rowOf[col] = col, best
		}
	}
}

// augment assigns one more row, along the shortest path to a column that is free.
func (s *solver) augment(first int) {
	s.todo, s.rows, s.cols = s.todo[:0], s.rows[:0], s.cols[:0]
	for col := range s.n {
		s.todo = append(s.todo, col)
		s.distance[col] = math.Inf(1)
	}
	length, row, free := 0.0, first, -1
	for free < 0 {
		s.rows = append(s.rows, row)
		at := s.scan(row, length)
		col := s.todo[at]
		length = s.distance[col]
		s.todo[at] = s.todo[len(s.todo)-1]
		s.todo = s.todo[:len(s.todo)-1]
		if s.rowOf[col] < 0 {
			free = col
			break
		}
		s.cols = append(s.cols, col)
		row = s.rowOf[col]
	}
	s.reprice(first, length)
	for col := free; ; {
		row := s.before[col]
		s.rowOf[col] = row
		col, s.colOf[row] = s.colOf[row], col
		if row == first {
			return
		}
	}
}

// scan shortens the distances of columns by way of a row, and returns the place in todo of the
// nearest column, of equal ones of one that is free.
func (s *solver) scan(row int, length float64) int {
	gain, price := s.gain[row*s.n:(row+1)*s.n], s.rowPrice[row]
	best, at := math.Inf(1), 0
	for i, col := range s.todo {
		d := length - gain[col] - price - s.colPrice[col]
		if d < s.distance[col] {
			s.distance[col], s.before[col] = d, row
		} else {
			d = s.distance[col]
		}
		if d < best || d == best && s.rowOf[col] < 0 && s.rowOf[s.todo[at]] >= 0 {
			best, at = d, i
		}
	}
	return at
}

// reprice keeps the assigned pairs at a cost of nothing.
func (s *solver) reprice(first int, length float64) {
	for _, row := range s.rows {
		if row == first {
			s.rowPrice[row] += length
			continue
		}
		s.rowPrice[row] += length - s.distance[s.colOf[row]]
	}
	for _, col := range s.cols {
		s.colPrice[col] -= length - s.distance[col]
	}
}
