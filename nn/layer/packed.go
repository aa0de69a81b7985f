package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// pack is a step to a packed layout, from planes or from a packed layout with another border.
// The shares are packs of channels.
func pack(from, to op.Planes) op.PlanarStep {
	m := kernel.PackedMaps{C: to.Channels, H: to.H, W: to.W, Border: to.Border}
	return op.PlanarStep{To: to, Mixes: true, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		lo, hi := to.Share(s)
		blocks := kernel.Range{Lo: lo / op.Lanes, Hi: hi / op.Lanes}
		if !from.Packed {
			kernel.PackMaps(y, x[0], from.Plane, &m, blocks)
		} else {
			for c := lo; c < hi; c += op.Lanes {
				for r := range to.H {
					copy(y[to.Row(c, r):][:to.W*op.Lanes], x[0][from.Row(c, r):])
				}
			}
		}
		kernel.ClearBorder(y, &m, blocks)
	}}
}

// clearBorder writes zeros to the border beside the rows of a share, and above the first and
// below the last.
func clearBorder(y []float32, to op.Planes, s op.Share) {
	lo, hi := s.Of(to.H)
	if to.Border == 0 || lo == hi {
		return
	}
	size, pitch := to.W*op.Lanes, to.Pitch()*op.Lanes
	for c := 0; c < to.Channels; c += op.Lanes {
		at := to.Row(c, lo) - to.Border*op.Lanes // of what is not cleared yet
		if lo == 0 {
			at = c / op.Lanes * to.Plane
		}
		for r := lo; r < hi; r++ {
			clear(y[at:to.Row(c, r)])
			at = to.Row(c, r) + size
		}
		end := to.Row(c, hi-1) + pitch - to.Border*op.Lanes
		if hi == to.H {
			end = (c/op.Lanes + 1) * to.Plane
		}
		clear(y[at:end])
	}
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
