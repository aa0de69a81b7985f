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
	}}
}

// clearBetween clears the border between rows, of which v begins with the first pixel of one and
// ends with the last of another.
func clearBetween(v []float32, maps op.Planes) {
	for at := maps.W * op.Lanes; at < len(v); at += maps.Pitch() * op.Lanes {
		clear(v[at:][:2*maps.Border*op.Lanes])
	}
}

func isZero(v []float32) bool { return [op.Lanes]float32(v) == [op.Lanes]float32{} }

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
