package plot

// Field has the values of a function of two variables on a grid.
type Field struct {
	X, Y   []float64   // of columns and rows, rising, at least two of each
	Values [][]float64 // Values[j][i] is that at X[i] and Y[j]
}

// positions is the field with the places of its values on a scale, from 0 to 1.
func (f *Field) positions(s *Scale) *Field {
	p := &Field{X: f.X, Y: f.Y, Values: make([][]float64, len(f.Values))}
	for j, row := range f.Values {
		p.Values[j] = make([]float64, len(row))
		for i, v := range row {
			p.Values[j][i] = s.position(v)
		}
	}
	return p
}

// at is the value at x and y, linear between the values of the grid in both directions; NaN where
// one of them is.
func (f *Field) at(x, y float64) float64 {
	i, u := segment(f.X, x)
	j, v := segment(f.Y, y)
	low := (1-u)*f.Values[j][i] + u*f.Values[j][i+1]
	high := (1-u)*f.Values[j+1][i] + u*f.Values[j+1][i+1]
	return (1-v)*low + v*high
}

// segment is the interval of a grid that x lies in, and where in it, from 0 to 1.
func segment(grid []float64, x float64) (i int, at float64) {
	for i < len(grid)-2 && x > grid[i+1] {
		i++
	}
	return i, (x - grid[i]) / (grid[i+1] - grid[i])
}
