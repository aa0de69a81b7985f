package kernel

import (
	"sync"
	"unsafe"
)

// CopyRows copies rows of width floats, which start pitch floats apart, to memory where they
// follow one another: to[r·width+i] = from[r·pitch+i].
func CopyRows(to, from []float32, rows, width, pitch int) {
	if rows == 0 {
		return
	}
	to, from = to[:rows*width], from[:(rows-1)*pitch+width]
	reads(from)
	writes(to)
	active.copyRows(to, from, rows, width, pitch)
}

func copyRowsGo(to, from []float32, rows, width, pitch int) {
	for r := range rows {
		copy(to[r*width:][:width], from[r*pitch:])
	}
}

// rowsFloats is about how many floats one call may copy, since assembly cannot be preempted.
const rowsFloats = 1 << 14

var rowsPool = sync.Pool{New: func() any { return new(rowsArgs) }}

// copyRowsBy makes a function of a kernel. It copies whole vectors, past the end of a row, which
// the next row overwrites. The last rows, for which that is not so, are copied exactly.
func copyRowsBy(kernel func(*rowsArgs)) func(to, from []float32, rows, width, pitch int) {
	return func(to, from []float32, rows, width, pitch int) {
		vectors := (width + 7) / 8
		whole := min(rowsWithin(len(to), vectors*8, width), rowsWithin(len(from), vectors*8, pitch))
		a := rowsPool.Get().(*rowsArgs)
		a.toRow, a.fromRow, a.vectors = uintptr(width*floatBytes), uintptr(pitch*floatBytes), uintptr(vectors)
		for r := 0; r < whole; {
			n := min(whole-r, max(1, rowsFloats/width))
			a.to, a.from, a.rows = unsafe.Pointer(&to[r*width]), unsafe.Pointer(&from[r*pitch]), uintptr(n)
			kernel(a)
			r += n
		}
		a.to, a.from = nil, nil // keep nothing alive
		rowsPool.Put(a)
		copyRowsGo(to[whole*width:], from[min(whole*pitch, len(from)):], rows-whole, width, pitch)
	}
}

// rowsWithin is how many rows of size floats, pitch floats apart, end within n floats.
func rowsWithin(n, size, pitch int) int {
	if n < size {
		return 0
	}
	return (n-size)/pitch + 1
}
