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

// readsPixels and writesPixels are reads and writes for the share of a map that a grid computes.
func (g *grid) readsPixels(from []float32) { g.eachRow(from, func(row []float32) { reads(row) }) }

func (g *grid) writesPixels(to []float32) { g.eachRow(to, func(row []float32) { writes(row) }) }

func (g *grid) eachRow(of []float32, f func(row []float32)) {
	for o := g.outs.lo; o < g.outs.hi; o++ {
		for y := g.height.lo; y < g.height.hi; y++ {
			row := of[(o*g.toH+y)*g.toW*Lanes:]
			f(row[g.width.lo*Lanes : g.width.hi*Lanes])
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
