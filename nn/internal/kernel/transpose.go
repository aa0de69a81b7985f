package kernel

// Transpose writes to[c][r] = from[r][c] for a row-major matrix of rows × cols.
func Transpose(to, from []float32, rows, cols int) {
	to, from = to[:rows*cols], from[:rows*cols]
	reads(from)
	writes(to)
	active.transpose(to, from, rows, cols, rows, cols)
}

// transposeGo writes to[c·toRow+r] = from[r·fromRow+c].
func transposeGo(to, from []float32, rows, cols, toRow, fromRow int) {
	transposeRest(to, from, rows, cols, toRow, fromRow, 0, 0)
}

// transposeRest leaves out the first rows×cols of the matrix.
func transposeRest(to, from []float32, rows, cols, toRow, fromRow, doneRows, doneCols int) {
	for c := range cols {
		first := 0
		if c < doneCols {
			first = doneRows
		}
		column := to[c*toRow:][:rows]
		for r := first; r < rows; r++ {
			column[r] = from[r*fromRow+c]
		}
	}
}
