package op_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Rows gives what Sample gives, lane after lane, and SetRows puts it back.
func TestRowsAreTheSamplesOfAllLanes(t *testing.T) {
	for _, shape := range []op.Shape{{1, 1, 1}, {1, 3, 5}, {3, 8, 8}} {
		b, again := op.NewBlock(shape), op.NewBlock(shape)
		for i := range b.Data {
			b.Data[i] = float32(i)
		}
		size := shape.Size()
		rows, sample := make([]float32, op.Lanes*size), make([]float32, size)
		b.Rows(rows)
		for l := range op.Lanes {
			if b.Sample(l, sample); !slices.Equal(rows[l*size:(l+1)*size], sample) {
				t.Errorf("%v: lane %d is %v, want %v", shape, l, rows[l*size:(l+1)*size], sample)
			}
		}
		if again.SetRows(rows); !slices.Equal(again.Data, b.Data) {
			t.Errorf("%v: SetRows gives another block", shape)
		}
	}
}
