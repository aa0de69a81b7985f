package kernel

import "unsafe"

// What kernels in assembly work on: each takes a pointer to one of these structs. Their
// fields are 8 bytes each on processors of 64 bits, pointers or whole numbers, and the
// generator in _asm reads their places from here. Addresses are pointers, never numbers,
// since Go may move what they point to. Steps are in bytes.

// convArgs is what a tile of a convolution works on. A kernel may change tiles and its own
// fields.
type convArgs struct {
	y        unsafe.Pointer // first vector of the first tile
	yV, yOC  uintptr        // steps to the next vector, output channel
	x        unsafe.Pointer // pixel of the first tile's first tap
	xV       uintptr        // to the next vector
	xK       uintptr        // to the next tap of a kernel row
	xR, xC   uintptr        // from behind a kernel row to the next; likewise channels
	w        unsafe.Pointer // first weight
	wOC, wK  uintptr        // to the next output channel, tap
	wR, wC   uintptr        // as xR, xC
	bias     unsafe.Pointer // of the first output channel; read if add is 0
	biasGS   uintptr        // from one group of channels to the next
	yGS, wGS uintptr        // likewise
	add      uintptr        // 0: y is overwritten, 1: y is added to
	kw, kh   uintptr        // taps of a kernel, at least 1 each
	in       uintptr        // input channels, at least 1
	groups   uintptr        // groups of output channels, at least 1
	tiles    uintptr        // tiles of pixels, at least 1

	// The kernel's own, no pointers, since they may end behind the data.
	xT, yT, yG, wG, biasG, left uintptr
}

// packedArgs is what a tile of a packed convolution works on: rows × pixels × blocks of output
// channels. A kernel may change its own fields.
type packedArgs struct {
	y          unsafe.Pointer // first pixel of the first tile
	yR, yB     uintptr        // steps to the next row of a tile, block of channels
	yT, yS     uintptr        // to the next tile in the same rows, and in the next rows
	x          unsafe.Pointer // pixel of the first tile's first tap
	xP, xR     uintptr        // to the next pixel, row of a tile
	xT, xS     uintptr        // as yT, yS
	xL, xK     uintptr        // to the next channel of a block, tap of a kernel row
	xKR, xC    uintptr        // from behind a kernel row to the next; likewise blocks of channels
	w          unsafe.Pointer // first weights
	wB         uintptr        // to those of the next block of output channels
	bias       unsafe.Pointer // of the first block
	add        unsafe.Pointer // laid out as y and added to it, or nil
	relu       uintptr        // 1: the output is max(0, y), 0: y
	lanes      uintptr        // input channels of a block, at least 1
	last       uintptr        // of the last block
	kw, kh, in uintptr        // taps of a kernel, blocks of input channels, at least 1 each
	tiles      uintptr        // in the same rows, at least 1
	groups     uintptr        // of rows, at least 1

	// The kernel's own, no pointers, since they may end behind the data.
	xG, yG, xA, yA, addY, kLeft, rLeft, cLeft, lanesNow, tLeft, gLeft uintptr
}

// windowArgs is what a tile of windows over packed maps works on: some pixels of one row. A
// kernel may change rows and its own fields.
type windowArgs struct {
	y      unsafe.Pointer // first pixel of the first tile
	yS     uintptr        // step to the next row
	x      unsafe.Pointer // pixel of the first tile's first tap
	xP, xS uintptr        // to the next pixel, and to that of the next row
	xK     uintptr        // to the next tap of a window's row
	xKR    uintptr        // from behind a window's row to the next
	w      unsafe.Pointer // first weights, if there are any
	bias   unsafe.Pointer // or what is divided by, in 16 lanes
	relu   uintptr        // as in packedArgs
	kw, kh uintptr        // taps of a window, at least 1 each
	tiles  uintptr        // in a row, at least 1
	rows   uintptr        // at least 1

	// The kernel's own.
	xG, yG, xA, yA, rLeft, tLeft uintptr
}

// gradArgs is what a tile of a weight gradient works on. A kernel may change tiles and its
// own fields.
type gradArgs struct {
	dw        unsafe.Pointer // first weight; it is added to
	dwOC, dwB uintptr        // steps to the next output channel, weight of the tile (4 if there is one channel)
	dwA       uintptr        // to the next tile
	dy        unsafe.Pointer
	dyV, dyOC uintptr        // to the next vector, output channel
	dyR       uintptr        // from behind a row to the next
	dyA       uintptr        // as dwA
	x         unsafe.Pointer // pixel that the first weight is multiplied by
	xV, xB    uintptr        // to the next vector, weight of the tile
	xR        uintptr        // from behind a row to the next
	xA        uintptr        // as dwA
	xC, dwC   uintptr        // to the second input channel, of a tile that has two
	vectors   uintptr        // in a row, at least 1
	rows      uintptr        // at least 1
	tiles     uintptr        // at least 1

	// The kernel's own, no pointers, since they may end behind the data.
	xT, dyT, dwT uintptr
}

// actArgs is what an activation works on: runs of 16 floats, the pixels.
type actArgs struct {
	y      unsafe.Pointer // or dx: first pixel that is written
	yS     uintptr        // step to the next pixel: 64, or 0 if it is not wanted
	x, dy  unsafe.Pointer // first pixel
	a      unsafe.Pointer // first parameter
	aS     uintptr        // step to the next pixel's: 4, 64 if each value has one, or 0 if all have one
	da     unsafe.Pointer // what is added to, likewise
	pixels uintptr        // at least 1
}

// normArgs is what a loop of a normalisation works on: pixels of 16 floats. Loops with
// an activation forward go over rows of so many pixels.
type normArgs struct {
	y      unsafe.Pointer // first pixel that is written
	x, dy  unsafe.Pointer // first pixel
	rates  unsafe.Pointer // the loop's numbers, float32 each
	sums   unsafe.Pointer // 16 lanes of each sum, overwritten
	pixels uintptr        // at least 1
	rows   uintptr        // at least 1
	yR     uintptr        // from behind the pixels of a row to the next; those of x follow one another
}

// poolArgs is what the gradients of pools work on: windows of pixels of 16 floats. A kernel may
// change rows and its own fields.
type poolArgs struct {
	y, dy   unsafe.Pointer // output of the first window: the windows of all rows lie side by side
	x, dx   unsafe.Pointer // first pixel of the first window
	all     unsafe.Pointer // 16 floats for all windows, overwritten
	count   uint64         // float32 in the lower half: pixels in a window
	xK      uintptr        // steps to the next pixel in a row of a window
	xR      uintptr        // from behind such a row to the next
	xV      uintptr        // to the next window
	xW      uintptr        // to the first window of the next row
	kw, kh  uintptr        // pixels of a window, at least 1 each
	windows uintptr        // in a row, at least 1
	rows    uintptr        // at least 1

	// The kernel's own.
	xT, dxT uintptr
}

// softmaxArgs is what the loops of softmax work on: rows of 16 floats.
type softmaxArgs struct {
	y                    unsafe.Pointer // first row that is written
	yS                   uintptr        // step to the next: 64, or 0 if it is not wanted
	x                    unsafe.Pointer // first row of logits
	top, below, ones, by unsafe.Pointer // a row for all
	rows                 uintptr        // at least 1
}

// updateArgs is what loops over parameters work on: vectors of floats side by side.
type updateArgs struct {
	y, x, m, v unsafe.Pointer
	c          unsafe.Pointer // constants, float32 each
	n          uintptr        // vectors, at least 1
}

// bytesArgs is what the conversion of bytes works on.
type bytesArgs struct {
	y                              unsafe.Pointer // first of eight lanes
	x0, x1, x2, x3, x4, x5, x6, x7 unsafe.Pointer // samples
	flip                           uint64         // a byte for each lane: 0xff inverts
	n                              uintptr        // 16 pixels each, at least 1
}

// transposeArgs is what a transposition works on: tiles of 8×8 floats, or of four rows of eight.
type transposeArgs struct {
	to      unsafe.Pointer // first row of the first tile
	toRow   uintptr        // steps to the next row
	toT     uintptr        // to the next tile
	from    unsafe.Pointer // likewise
	fromRow uintptr
	fromT   uintptr
	tiles   uintptr // at least 1
}

// rowsArgs is what a copy of rows works on.
type rowsArgs struct {
	to, from       unsafe.Pointer // first row
	toRow, fromRow uintptr        // steps to the next row
	vectors        uintptr        // of 8 floats in a row, at least 1
	rows           uintptr        // at least 1
}

// probeArgs is what the probes work on.
type probeArgs struct {
	y      unsafe.Pointer // sums, written at the end
	x      unsafe.Pointer // vectors of pixels
	w      unsafe.Pointer // weights
	rounds uintptr        // at least 1
}

// winogradInputArgs is what the first stage of a fast convolution works on: a row of tiles.
type winogradInputArgs struct {
	x0, x1, x2, x3, x4, x5       unsafe.Pointer // first pixel of each row
	x0C, x1C, x2C, x3C, x4C, x5C uintptr        // to the next channel, for each row
	width                        uintptr        // bytes of a row, at least 64
	buf                          unsafe.Pointer // six rows of transformed columns
	first                        unsafe.Pointer // in buf, column of the first pixel
	bufR                         uintptr        // to the next row
	bufD                         uintptr        // from behind the tiles of a row to the next
	v                            unsafe.Pointer // first position, channel, tile
	vP, vC                       uintptr        // to the next position, channel
	vD                           uintptr        // from behind the tiles of a row of positions to the next
	tiles                        uintptr        // at least 1
	in                           uintptr        // channels, at least 1

	// The kernel's own.
	vT, left uintptr
}

// winogradProductArgs is what the products of a fast convolution work on: a matrix for each
// position.
type winogradProductArgs struct {
	m, v, u   unsafe.Pointer // first output, input, weight
	mC, vC    uintptr        // to the next channel
	mD, vD    uintptr        // from behind the blocks of a channel to the next position
	uP        uintptr        // to the next position
	in        uintptr        // input channels, at least 1
	groups    uintptr        // of four output channels, at least 1
	blocks    uintptr        // of vectors, at least 1
	positions uintptr        // at least 1
}

// winogradOutputArgs is what the last stage of a fast convolution works on: a row of tiles.
type winogradOutputArgs struct {
	m      unsafe.Pointer // first position, channel, tile
	mR, mC uintptr        // to the next row of positions, channel
	mD     uintptr        // from behind the tiles of a position to the next
	buf    unsafe.Pointer // four rows of transformed columns
	bufR   uintptr        // to the next row
	y      unsafe.Pointer // first pixel
	yR, yC uintptr        // to the next row, channel
	add    unsafe.Pointer // as y; nil if nothing is added
	bias   unsafe.Pointer // of the first channel
	biasC  uintptr        // to the next channel
	floor  unsafe.Pointer // what y is at least
	bytes  uintptr        // 64 for each tile, at least 1
	rows   uintptr        // of pixels that are wanted, 1 to 4
	out    uintptr        // channels, at least 1

	// The kernel's own.
	left, rowsLeft uintptr
}
