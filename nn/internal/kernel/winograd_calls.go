package kernel

import "sync"

// winogradKernels are the stages of a fast convolution of an instruction set.
type winogradKernels struct {
	// input transforms a row of tiles:
	//
	//	buf[i][first+j] = Bᵀ[i][k] * xk[c][j]          for i, k < 6, j < width
	//	v[i][l][c][t] = Bᵀ[l][k] * buf[i][4t+k]        for i, k, l < 6, t < tiles
	input func(*winogradInputArgs)
	// products multiply tiles of four output channels × some vectors, one more than the index:
	//
	//	m[p][4g+o][b][l] = Σ u[p][g][c][o] * v[p][c][b][l]
	products []func(*winogradProductArgs)
	// output transforms a row of tiles back:
	//
	//	buf[i][l][t] = Aᵀ[i][k] * m[k][l][c][t]        for i < 4, k, l < 6, t < tiles
	//	y[c][i][4t+l] = max(floor, bias[c] + Aᵀ[l][k] * buf[i][k][t] + add[c][i][4t+l])
	//	                                               for i < rows, k < 6, l < 4, t < tiles
	output func(*winogradOutputArgs)
}

// winograds are fast convolutions.
type winograds struct {
	convFast func(y, x, u, b, add []float32, f *FastConv)
}

func (k *winogradKernels) winograds(width int) winograds {
	return winograds{func(y, x, u, b, add []float32, f *FastConv) {
		c := winogradPool.Get().(*winogradCall)
		defer winogradPool.Put(c)
		c.kernels, c.width, c.FastConv = k, width, f
		c.convFast(y, x, u, b, add)
		c.FastConv = nil // keep nothing alive
		c.input, c.product, c.output = winogradInputArgs{}, winogradProductArgs{}, winogradOutputArgs{}
	}}
}

// winogradCall is what a call needs, reused as tileCall is.
type winogradCall struct {
	*FastConv
	kernels *winogradKernels
	width   int // floats in a vector
	area

	input   winogradInputArgs
	product winogradProductArgs
	output  winogradOutputArgs

	v, m           []float32 // transformed tiles of a chunk, of inputs and outputs
	cols, rows     []float32 // transformed columns
	zeros, clipped []float32
}

var winogradPool = sync.Pool{New: func() any { return new(winogradCall) }}

// area is a chunk: some tiles of some rows of tiles.
type area struct {
	row, height int
	col, across int
}

func (a area) tiles() int { return a.height * a.across }

// Sizes of a chunk: what becomes of its tiles, of all input and of some output channels, stays
// in the second-level cache, as far as there are not very many.
const (
	fastTiles  = 4   // tiles of a chunk
	fastOuts   = 64  // output channels at a time
	stageTiles = 512 // tiles × channels that one call transforms
)

// blocking chooses the tiles of a chunk, downwards and across, and the output channels at a
// time.
func (f *FastConv) blocking() (chunk [2]int, outs int) {
	across, down := ceilDiv(f.c.OW, tileSide), ceilDiv(f.c.OH, tileSide)
	if across > fastTiles { // a part of a row, as equal as can be
		return [2]int{1, ceilDiv(across, ceilDiv(across, fastTiles))}, fastOuts
	}
	return [2]int{min(fastTiles/across, down), across}, fastOuts
}

// convFast goes through chunks of tiles, and for each through blocks of output channels.
func (c *winogradCall) convFast(y, x, u, b, add []float32) {
	if c.fours.lo >= c.fours.hi {
		return
	}
	tiles := ceilDiv(c.c.OW, tileSide)
	for row := c.FastConv.rows.lo; row < c.FastConv.rows.hi; row += c.chunk[0] {
		for col := 0; col < tiles; col += c.chunk[1] {
			c.area = area{row, min(c.chunk[0], c.FastConv.rows.hi-row), col, min(c.chunk[1], tiles-col)}
			for i := range c.height {
				c.transformInput(x, i)
			}
			for o := c.fours.lo * 4; o < c.fours.hi*4; o += c.outs {
				outs := min(c.outs, c.fours.hi*4-o)
				c.multiply(u, o, outs)
				for i := range c.height {
					c.transformOutput(y, b, add, i, o, min(outs, c.c.Out-o))
				}
			}
		}
	}
}
