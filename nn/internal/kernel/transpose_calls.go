package kernel

import (
	"sync"
	"unsafe"
)

// transposeTiles is how many tiles one call may take, since assembly cannot be preempted.
const transposeTiles = 1 << 10

var transposePool = sync.Pool{New: func() any { return new(transposeArgs) }}

// transposeBy makes a function of a kernel.
func transposeBy(kernel func(*transposeArgs)) func(to, from []float32, rows, cols, toRow, fromRow int) {
	return func(to, from []float32, rows, cols, toRow, fromRow int) {
		runTranspose(kernel, to, from, rows, cols, toRow, fromRow)
	}
}

// runTranspose goes along the longer side of the matrix, in strips of eight rows or columns.
func runTranspose(kernel func(*transposeArgs), to, from []float32, rows, cols, toRow, fromRow int) {
	wholeRows, wholeCols := rows/8*8, cols/8*8
	a := transposePool.Get().(*transposeArgs)
	defer transposePool.Put(a)
	a.fromRow, a.toRow = uintptr(fromRow*floatBytes), uintptr(toRow*floatBytes)
	strips, length := wholeRows, wholeCols
	if rows > cols {
		strips, length = length, strips
	}
	for s := 0; s < strips; s += 8 {
		for at := 0; at < length; at += 8 * transposeTiles {
			r, c := s, at
			a.fromT, a.toT = 8*floatBytes, 8*a.toRow
			if rows > cols {
				r, c = at, s
				a.fromT, a.toT = 8*a.fromRow, 8*floatBytes
			}
			a.from, a.to = unsafe.Pointer(&from[r*fromRow+c]), unsafe.Pointer(&to[c*toRow+r])
			a.tiles = uintptr(min(transposeTiles, (length-at)/8))
			kernel(a)
		}
	}
	*a = transposeArgs{} // keep nothing alive
	transposeRest(to, from, rows, cols, toRow, fromRow, wholeRows, wholeCols)
}
