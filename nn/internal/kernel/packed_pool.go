package kernel

// PackedPool is the geometry of a pool of packed maps. Windows leave out the padding, so they
// read no border.
type PackedPool struct {
	*Pool // from Plan; C is not used

	XRow, XBlock, YRow, YBlock int // floats from row to row, and from block to block
}

// Reads and Writes are the numbers of floats of x and y, for so many blocks.
func (p *PackedPool) Reads(blocks int) int {
	return (blocks-1)*p.XBlock + (p.H-1)*p.XRow + p.W*Lanes
}

func (p *PackedPool) Writes(blocks int) int {
	return (blocks-1)*p.YBlock + (p.OH-1)*p.YRow + p.OW*Lanes
}

// MaxPoolPacked computes some rows of some blocks of y: the largest pixel of each window, NaN if
// it holds one. Each window must have a pixel in the map. x and y begin at pixel (0, 0).
func MaxPoolPacked(y, x []float32, p *PackedPool, rows, blocks Range) {
	p.check(y, x, rows, blocks)
	active.maxPoolPacked(y, x, p, rows, blocks)
}

// AveragePoolPacked is likewise the sum of each window divided by its number of pixels, as
// AveragePoolForward counts them.
func AveragePoolPacked(y, x []float32, p *PackedPool, pads *Padding, rows, blocks Range) {
	p.check(y, x, rows, blocks)
	active.averagePoolPacked(y, x, p, pads, rows, blocks)
}

// check panics if a slice is too short.
func (p *PackedPool) check(y, x []float32, rows, blocks Range) {
	if rows.Lo >= rows.Hi || blocks.Lo >= blocks.Hi {
		return
	}
	reads(x[blocks.Lo*p.XBlock : p.Reads(blocks.Hi)])
	writesPacked(y[:p.Writes(blocks.Hi)], p.OW, p.YRow, p.YBlock, rows, blocks)
}
