package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// maxPatchPixels is the largest number of output pixels that are computed one by one, each as an
// affine map of its patch. So few pixels would fill a small part of a vector.
const maxPatchPixels = 4

// planarPatches gathers the patch of each pixel and multiplies it by the weights.
func (o *convOp) planarPatches(x, y op.Planes) []op.PlanarStep {
	c := o.conv
	gather := c.gatherPatches(x, y)
	patches, pixels := gather.To, y.H*y.W
	in, out := patches.W/c.Groups, c.Out/c.Groups
	multiply := op.PlanarStep{To: y, Mixes: true, MACs: pixels * c.Out * in, Scratch: c.Out}
	multiply.Run = func(s op.Share, w op.Weights, from [][]float32, to []float32) {
		lo, hi := y.Share(s)
		sums, b := to[y.Size():], bias(w)
		for p := range pixels {
			for i := lo; i < hi; {
				end := min((i/out+1)*out, hi) // of the group
				var shift []float32
				if b != nil {
					shift = b[i:end]
				}
				patch := from[0][p*patches.Plane+i/out*in:][:in]
				kernel.DenseSingle(sums[i:end], patch, w[0][i*in:end*in], shift)
				i = end
			}
			for i := lo; i < hi; i++ {
				to[i*y.Plane+p] = sums[i]
			}
		}
	}
	return []op.PlanarStep{gather, multiply}
}

// gatherPatches copies the patch of each pixel of y, of all channels, one pixel after the other.
func (c Conv) gatherPatches(x, y op.Planes) op.PlanarStep {
	pixels, area := y.H*y.W, c.Kernel[0]*c.Kernel[1]
	patches := op.NewPlanes(pixels, 1, x.Channels*area)
	patches.Grain = pixels
	return op.PlanarStep{To: patches, Scatters: true, Run: func(s op.Share, _ op.Weights, from [][]float32, to []float32) {
		i, hi := x.Share(s)
		for ; i < hi; i++ {
			for p := range pixels {
				c.patch(to[p*patches.Plane+i*area:][:area], from[0][i*x.Plane:], p/y.W, p%y.W, x)
			}
		}
	}}
}

// patch copies the patch of one channel for the output pixel at row, column.
func (c Conv) patch(to, from []float32, row, column int, x op.Planes) {
	row, column = row*c.Stride[0]-c.Pads[0], column*c.Stride[1]-c.Pads[1]
	for ky := range c.Kernel[0] {
		for kx := range c.Kernel[1] {
			i, j := row+ky*c.Dilation[0], column+kx*c.Dilation[1]
			v := float32(0)
			if i >= 0 && i < x.H && j >= 0 && j < x.W {
				v = from[i*x.W+j]
			}
			to[ky*c.Kernel[1]+kx] = v
		}
	}
}
