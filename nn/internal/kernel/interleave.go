package kernel

import "unsafe"

// interleaveBy makes a function of a kernel, which may be nil.
func interleaveBy(kernel func(*transposeArgs)) func(to, from []float32, n, cols, fromT, fromRow int) {
	return func(to, from []float32, n, cols, fromT, fromRow int) {
		if cols == fromT { // they follow one another
			n, cols = 1, n*cols
		}
		done := 0
		if kernel != nil {
			runInterleave(kernel, to, from, n, cols, fromT, fromRow)
			done = cols / 8 * 8
		}
		for t := 0; t < n && done < cols; t++ {
			interleave4(to[4*t*cols:], from[t*fromT:], done, cols, fromRow)
		}
	}
}

// runInterleave goes over eight columns at a time: along the longer side.
func runInterleave(kernel func(*transposeArgs), to, from []float32, n, cols, fromT, fromRow int) {
	a := transposePool.Get().(*transposeArgs)
	defer transposePool.Put(a)
	a.fromRow = uintptr(fromRow * floatBytes)
	run := func(t, c, tiles, toTile, fromTile int) {
		a.toT, a.fromT = uintptr(toTile*floatBytes), uintptr(fromTile*floatBytes)
		for lo := 0; lo < tiles; lo += transposeTiles {
			a.to = unsafe.Pointer(&to[4*(t*cols+c)+lo*toTile])
			a.from = unsafe.Pointer(&from[t*fromT+c+lo*fromTile])
			a.tiles = uintptr(min(transposeTiles, tiles-lo))
			kernel(a)
		}
	}
	if tiles := cols / 8; tiles > n {
		for t := range n {
			run(t, 0, tiles, 32, 8)
		}
	} else {
		for i := range tiles {
			run(0, 8*i, n, 4*cols, fromT)
		}
	}
	*a = transposeArgs{} // keep nothing alive
}

// interleave4 writes to[4·c+r] = from[r·fromRow+c] for r < 4, c from lo to cols−1.
func interleave4(to, from []float32, lo, cols, fromRow int) {
	a := from[:cols]
	b, c, d := from[fromRow:][:cols], from[2*fromRow:][:cols], from[3*fromRow:][:cols]
	for i := lo; i < cols; i++ {
		four := (*[4]float32)(to[4*i:])
		four[0], four[1], four[2], four[3] = a[i], b[i], c[i], d[i]
	}
}
