package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// packedMaps is a packed layout as the kernels take it.
func packedMaps(p op.Planes) *kernel.PackedMaps {
	return &kernel.PackedMaps{C: p.Channels, H: p.H, W: p.W, Border: p.Border}
}

// pack is a step to a packed layout, from planes or from a packed layout with another border.
// The shares are packs of channels.
func pack(from, to op.Planes) op.PlanarStep {
	m := packedMaps(to)
	return op.PlanarStep{To: to, Mixes: true, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		lo, hi := to.Share(s)
		blocks := kernel.Range{Lo: lo / op.Lanes, Hi: hi / op.Lanes}
		if !from.Packed {
			kernel.PackMaps(y, x[0], from.Plane, m, blocks)
		} else {
			for c := lo; c < hi; c += op.Lanes {
				for r := range to.H {
					copy(y[to.Row(c, r):][:to.W*op.Lanes], x[0][from.Row(c, r):])
				}
			}
		}
		kernel.ClearBorder(y, m, kernel.Range{Hi: m.H}, blocks)
	}}
}

// addRows adds rows of maps in any layout to those of packed maps.
func addRows(y, x []float32, to, from op.Planes, rows kernel.Range) {
	for c := 0; c < to.Channels; c += op.Lanes {
		for r := rows.Lo; r < rows.Hi; r++ {
			sum := y[to.Row(c, r):][:to.W*op.Lanes]
			if from.Packed {
				kernel.AddMaps(sum, sum, x[from.Row(c, r):][:len(sum)], 1)
				continue
			}
			for i := range sum {
				sum[i] += x[from.Row(c+i%op.Lanes, r)+i/op.Lanes]
			}
		}
	}
}
