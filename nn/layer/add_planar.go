package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func (o addOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	to, mixes := joinedPlanes(in, o.shape)
	same := func(p op.Planes) bool { return p.Plane == to.Plane && p.H == to.H && p.W == to.W }
	return []op.PlanarStep{{To: to, Mixes: mixes, InPlace: !mixes && same(in[0]), Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		lo, hi := to.Share(s)
		sum := y[lo*to.Plane : hi*to.Plane]
		if len(sum) == 0 {
			return
		}
		first := x[0][lo*in[0].Plane:]
		if !same(in[0]) {
			spreadChannels(sum, first, in[0], to)
			first = sum
		}
		for k, p := range in[1:] {
			if more := x[1+k][lo*p.Plane:]; same(p) {
				kernel.AddMaps(sum, first[:len(sum)], more[:len(sum)], 1)
			} else {
				addChannels(sum, first, more, p, to)
			}
			first = sum
		}
	}}}, true
}

// joinedPlanes is the layout of the output of an elementwise operation on several maps. mixes
// reports whether a share owns different channels of the maps.
func joinedPlanes(in []op.Planes, shape op.Shape) (to op.Planes, mixes bool) {
	to = op.PlanesOf(shape)
	to.Grain = in[0].Grain
	for _, p := range in[1:] {
		mixes = mixes || p.Grain != to.Grain
	}
	return to, mixes
}

// spreadChannels broadcasts one value over each channel.
func spreadChannels(to, from []float32, p, maps op.Planes) {
	for c := range len(to) / maps.Plane {
		fill(to[c*maps.Plane:][:maps.Plane], from[c*p.Plane])
	}
}

// addChannels writes the sum of maps and one value for each channel.
func addChannels(to, x, from []float32, p, maps op.Planes) {
	for c := range len(to) / maps.Plane {
		lo, hi := c*maps.Plane, (c+1)*maps.Plane
		kernel.Affine(to[lo:hi], x[lo:hi], 0, 1, from[c*p.Plane])
	}
}
