package kernel

// PackedMaps is the layout of packed maps: [C/16][H+2·Border][W+2·Border][16].
type PackedMaps struct{ C, H, W, Border int }

// Blocks is the number of blocks of sixteen channels.
func (m *PackedMaps) Blocks() int { return packedBlocks(m.C) }

// Row is the number of floats from a row to the next.
func (m *PackedMaps) Row() int { return (m.W + 2*m.Border) * Lanes }

// Block is the number of floats from a block to the next.
func (m *PackedMaps) Block() int { return (m.H + 2*m.Border) * m.Row() }

// Size is the number of floats of all blocks.
func (m *PackedMaps) Size() int { return m.Blocks() * m.Block() }

// At is the place of a pixel of the first block, counted from the first pixel inside the
// border, which is (0, 0).
func (m *PackedMaps) At(y, x int) int { return (y+m.Border)*m.Row() + (x+m.Border)*Lanes }

// PackMaps writes the pixels of some blocks from channels that start plane floats apart, and
// zeros in lanes that have no channel. The border stays as it is.
func PackMaps(to, from []float32, plane int, m *PackedMaps, blocks Range) {
	m.eachRun(plane, blocks, func(packed, planes, channels, pixels int) {
		x, maps := to[packed:][:pixels*Lanes], from[planes:][:(channels-1)*plane+pixels]
		reads(maps)
		writes(x)
		if channels < Lanes {
			clear(x)
		}
		active.transpose(x, maps, channels, pixels, Lanes, plane)
	})
}

// UnpackMaps writes the channels of some blocks, which start plane floats apart, from packed
// maps.
func UnpackMaps(to, from []float32, plane int, m *PackedMaps, blocks Range) {
	m.eachRun(plane, blocks, func(packed, planes, channels, pixels int) {
		x, maps := from[packed:][:pixels*Lanes], to[planes:][:(channels-1)*plane+pixels]
		reads(x)
		for c := range channels {
			writes(maps[c*plane:][:pixels])
		}
		active.transpose(maps, x, pixels, channels, plane, Lanes)
	})
}

// eachRun calls f for the pixels of each block that follow one another in both layouts: rows, or
// whole maps if there is no border. It says where they are in the packed maps and in the planes.
func (m *PackedMaps) eachRun(plane int, blocks Range, f func(packed, planes, channels, pixels int)) {
	rows, pixels := m.H, m.W
	if m.Border == 0 {
		rows, pixels = 1, m.H*m.W
	}
	for b := blocks.Lo; b < blocks.Hi; b++ {
		for y := range rows {
			f(b*m.Block()+m.At(y, 0), b*Lanes*plane+y*m.W, min(Lanes, m.C-b*Lanes), pixels)
		}
	}
}
