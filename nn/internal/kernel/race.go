//go:build race

package kernel

import (
	"runtime"
	"unsafe"
)

// reads and writes tell the race detector what assembly touches, which it cannot see.
func reads[T any](slices ...[]T) {
	for _, v := range slices {
		if len(v) > 0 {
			runtime.RaceReadRange(unsafe.Pointer(&v[0]), len(v)*int(unsafe.Sizeof(v[0])))
		}
	}
}

func writes(slices ...[]float32) {
	for _, v := range slices {
		if len(v) > 0 {
			runtime.RaceWriteRange(unsafe.Pointer(&v[0]), 4*len(v))
		}
	}
}

// writesPixels is writes for the share of a map that a grid computes.
func (g *grid) writesPixels(to []float32) {
	for o := g.outs.lo; o < g.outs.hi; o++ {
		for y := g.height.lo; y < g.height.hi; y++ {
			row := to[(o*g.toH+y)*g.toW*Lanes:]
			writes(row[g.width.lo*Lanes : g.width.hi*Lanes])
		}
	}
}

// writesWeights is writes for the share of the weights whose gradient a grid computes.
func (g *grid) writesWeights(dw, db []float32) {
	for o := g.outs.lo; o < g.outs.hi && dw != nil; o++ {
		for i := g.ins.lo; i < g.ins.hi; i++ {
			kernel := dw[o*g.from*g.wFrom+i*g.wFrom:]
			writes(kernel[g.taps.lo*g.wRow : g.taps.hi*g.wRow])
		}
	}
	if db != nil && !g.noBias {
		writes(db[g.outs.lo:g.outs.hi])
	}
}

// readsPacked and writesPacked are for pixels of some rows and blocks of packed maps.
func readsPacked(x []float32, width, toRow, toBlock int, rows, blocks Range) {
	eachPackedRow(x, width, toRow, toBlock, rows, blocks, func(row []float32) { reads(row) })
}

func writesPacked(x []float32, width, toRow, toBlock int, rows, blocks Range) {
	eachPackedRow(x, width, toRow, toBlock, rows, blocks, func(row []float32) { writes(row) })
}

func eachPackedRow(x []float32, width, toRow, toBlock int, rows, blocks Range, f func(row []float32)) {
	for b := blocks.Lo; b < blocks.Hi; b++ {
		for r := rows.Lo; r < rows.Hi; r++ {
			f(x[b*toBlock+r*toRow:][:width*Lanes])
		}
	}
}

// readsInput is reads for what some rows of a packed convolution depend on.
func (c *PackedConv) readsInput(x []float32, rows Range) {
	blocks, lanes, last := c.lanes()
	for b := range blocks {
		n := lanes
		if b == blocks-1 {
			n = last
		}
		if c.XLane == 1 {
			c.readsBlock(x[b*c.XBlock:], n, rows)
			continue
		}
		for l := range n {
			c.readsBlock(x[b*c.XBlock+l*c.XLane:], 1, rows)
		}
	}
}

// readsBlocks is likewise for some blocks, for a depthwise convolution.
func (c *PackedConv) readsBlocks(x []float32, blocks, rows Range) {
	for b := blocks.Lo; b < blocks.Hi; b++ {
		c.readsBlock(x[b*c.XBlock:], Lanes, rows)
	}
}

// readsBlock is for n floats of each pixel.
func (c *PackedConv) readsBlock(x []float32, n int, rows Range) {
	part := *c
	part.OH = rows.Hi - rows.Lo
	reads(x[rows.Lo*c.StrideH*c.XRow:][:part.window()+n])
}
