package kernel

import (
	"math/bits"
	"sync"
	"unsafe"
)

// packedKernels are the tiles of an instruction set over packed maps.
type packedKernels struct {
	// Convolutions of 1, 2 and 4 blocks of output channels at once, indexed by the rows of a tile
	// and the pixels of its rows, less 1 each. conv1 has one at least, the others may be empty.
	conv1, conv2, conv4 [][]func(*packedArgs)

	// Windows over a block of channels, indexed by their number less 1.
	depthwise []func(*windowArgs) // y = bias + Σ w·x, at least 0 if relu is 1
	max       []func(*windowArgs) // y = max x, NaN if one is
	sum       []func(*windowArgs) // y = Σ x / bias, row by row

	// As depthwise, for 3×3 taps that are neighbours in a row, indexed by the stride in the row less
	// 1. May be empty.
	depthwise3 [2][]func(*windowArgs)
}

// packedTiles computes with them.
type packedTiles struct {
	*packedKernels
	conv [3][][]func(*packedArgs) // of 1<<i blocks
	per  int                      // vectors in a block
}

// packedCall is what a call needs, reused because what goes through a function variable
// escapes.
type packedCall struct {
	conv    packedArgs
	window  windowArgs
	divisor [Lanes]float32
}

var packedPool = sync.Pool{New: func() any { return new(packedCall) }}

func (k *packedKernels) packed(width int) packed {
	t := &packedTiles{k, [3][][]func(*packedArgs){k.conv1, k.conv2, k.conv4}, Lanes / width}
	return packed{t.planPacked, t.convPacked, t.depthwisePacked, t.maxPoolPacked, t.averagePoolPacked}
}

// bandBytes is about how much of the input a band of rows reads, so that it stays in the
// second-level cache while the blocks of output channels go by.
const bandBytes = 256 << 10

func (t *packedTiles) convPacked(y, x, w, b, add []float32, c *PackedConv, rows, blocks Range) {
	all := packedPool.Get().(*packedCall)
	defer packedPool.Put(all)
	a := &all.conv
	inBlocks, lanes, last := c.lanes()
	a.yR, a.yB = uintptr(c.YRow*floatBytes), uintptr(c.YBlock*floatBytes)
	a.xP, a.xR = uintptr(c.StrideW*c.XPixel*floatBytes), uintptr(c.StrideH*c.XRow*floatBytes)
	a.xL, a.xK = uintptr(c.XLane*floatBytes), uintptr(c.DilationW*c.XPixel*floatBytes)
	a.lanes, a.last = uintptr(lanes), uintptr(last)
	a.kw, a.kh, a.in = uintptr(c.KW), uintptr(c.KH), uintptr(inBlocks)
	if c.In == 1 { // taps are the lanes: one loop less
		a.lanes, a.last, a.kw = a.kw, a.kw, 1
		a.xL, a.xK = a.xK, 0
	}
	kernelRow := uintptr(c.DilationH * c.XRow * floatBytes)
	a.xKR = kernelRow - a.kw*a.xK
	a.xC = uintptr(c.XBlock*floatBytes) - a.kh*kernelRow
	a.wB = uintptr(c.blockWeights() * floatBytes)
	a.relu = 0
	if c.Relu {
		a.relu = 1
	}
	perRow := inBlocks * c.StrideH * c.XRow * floatBytes
	band := max(4*len(t.conv1), bandBytes/max(perRow, 1))
	for lo := rows.Lo; lo < rows.Hi; {
		n, size, larger := cut(rows.Hi-lo, band)
		if larger > 0 && n > 1 {
			size++
		}
		part := Range{lo, min(rows.Hi, lo+size)}
		for block := blocks.Lo; block < blocks.Hi; {
			s := t.shape(c, part.Hi-part.Lo, blocks.Hi-block)
			a.w = unsafe.Pointer(&w[block*c.blockWeights()])
			a.bias = unsafe.Pointer(&noBias)
			if b != nil {
				a.bias = unsafe.Pointer(&b[block*Lanes])
			}
			t.convRows(a, y, x, add, c, part, block, s)
			block += s.blocks
		}
		lo = part.Hi
	}
	*a = packedArgs{} // keep nothing alive
}

// convRows computes some rows of as many blocks as a tile has. Rows are cut into groups that are
// as equal as can be, and so are the pixels of rows.
func (t *packedTiles) convRows(a *packedArgs, y, x, add []float32, c *PackedConv, rows Range, block int, s packedShape) {
	groups, least, larger := cut(rows.Hi-rows.Lo, s.rows)
	row := rows.Lo
	for groups > 0 {
		height, n := least, groups
		if larger > 0 {
			height, n = least+1, larger
		}
		kernels := t.conv[s.blocks/2][height-1]
		pixel := 0
		tiles, leastTile, largerTiles := cut(c.OW, len(kernels))
		for tiles > 0 {
			width, m := leastTile, tiles
			if largerTiles > 0 {
				width, m = leastTile+1, largerTiles
			}
			at := block*c.YBlock + row*c.YRow + pixel*Lanes
			a.y, a.x = unsafe.Pointer(&y[at]), unsafe.Pointer(&x[row*c.StrideH*c.XRow+pixel*c.StrideW*c.XPixel])
			a.add = nil
			if add != nil {
				a.add = unsafe.Pointer(&add[at])
			}
			a.yT, a.xT = uintptr(width*pixelBytes), uintptr(width)*a.xP
			a.yS, a.xS = uintptr(height)*a.yR, uintptr(height)*a.xR
			t.convCalls(a, kernels[width-1], m, n, s.blocks*height*width*t.per*c.In*c.KH*c.KW)
			tiles, largerTiles, pixel = tiles-m, max(0, largerTiles-m), pixel+m*width
		}
		groups, larger, row = groups-n, max(0, larger-n), row+n*height
	}
}

// convCalls calls a kernel for so many tiles in a row, and groups of rows, with so many FMAs each.
func (t *packedTiles) convCalls(a *packedArgs, kernel func(*packedArgs), tiles, groups, fmas int) {
	y, x, add := a.y, a.x, a.add
	across := min(tiles, max(1, callFMAs/fmas))
	down := min(groups, max(1, callFMAs/(fmas*across)))
	for g := 0; g < groups; g += down {
		a.groups = uintptr(min(down, groups-g))
		for i := 0; i < tiles; i += across {
			a.tiles = uintptr(min(across, tiles-i))
			toY, toX := g*int(a.yS)+i*int(a.yT), g*int(a.xS)+i*int(a.xT)
			a.y, a.x = unsafe.Add(y, toY), unsafe.Add(x, toX)
			if add != nil {
				a.add = unsafe.Add(add, toY)
			}
			kernel(a)
		}
	}
}

func (t *packedTiles) planPacked(c *PackedConv) {
	for i := range c.shapes {
		c.shapes[i] = t.choose(c, c.OH, 1<<i)
	}
}

// shape is that of the tiles for the next blocks of output channels.
func (t *packedTiles) shape(c *PackedConv, rows, blocks int) packedShape {
	s := c.shapes[min(bits.Len(uint(blocks)), len(c.shapes))-1]
	if s.rows == 0 || s.rows > len(t.conv[s.blocks/2]) { // not planned, or for another backend
		return t.choose(c, rows, blocks)
	}
	return s
}

// choose gives the shape that takes the least time for each block.
func (t *packedTiles) choose(c *PackedConv, rows, blocks int) (best packedShape) {
	least := 0
	for i, kernels := range t.conv {
		n := 1 << i
		if n > blocks {
			break
		}
		for r := range kernels {
			groups, size, larger := cut(rows, r+1)
			time := (groups - larger) * t.rowTime(c, n, size)
			if larger > 0 {
				time += larger * t.rowTime(c, n, size+1)
			}
			if time = time * 4 / n; least == 0 || time < least {
				least, best = time, packedShape{n, r + 1}
			}
		}
	}
	return best
}

// rowTime is about how many half clocks the tiles of a group of rows take.
func (t *packedTiles) rowTime(c *PackedConv, blocks, rows int) int {
	tiles, size, larger := cut(c.OW, len(t.conv[blocks/2][rows-1]))
	return (tiles-larger)*t.tileTime(c, blocks, rows*size) + larger*t.tileTime(c, blocks, rows*(size+1))
}

// tileTime is for a tile of so many pixels, if a clock does two FMAs, which take four clocks, and
// two loads, of which those of weights that do not fit the first-level cache take longer.
func (t *packedTiles) tileTime(c *PackedConv, blocks, pixels int) int {
	const latency, overhead = 8, 60
	fmas, weights := blocks*pixels*t.per, blocks*t.per
	tap := max(latency, fmas, pixels+weights)
	if blocks*c.blockWeights()*floatBytes > 2*l1 {
		tap = max(tap, 5*blocks)
	}
	return tap*c.In*c.KH*c.KW + 2*fmas + overhead
}
