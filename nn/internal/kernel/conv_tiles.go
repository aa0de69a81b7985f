package kernel

import "sync"

// tileKernels are the tiles of an instruction set: sums that stay in registers, of a few
// output channels × a few vectors. A list is indexed by the number of vectors (of weights,
// for gradients), less 1; conv4 works on four output channels at once, and so on.
//
// A tile of o channels × p floats computes, for t < tiles, g < groups, l < p:
//
//	sum := bias[g][o], or y[t][g][o][l] if add is 1
//	for c < in, r < kh, k < kw:  sum += w[g][o][c][r][k] * x[t][c][r][k][l]
//	y[t][g][o][l] = sum
//
// and of gradients, of o channels × b weights, for t < tiles, over rows, vectors and their
// floats:
//
//	dw[t][o][b] += Σ dy[o][r][v][l] * x[t][b][r][v][l]
//
// grad4x3x2 is that of three weights of two input channels, xC and dwC apart. grad3x3 is that of nine weights, x[i][j] being xA·i + xB·j away:
//
//	dw[3i+j] += Σ dy[r][v][l] * x[i][j][r][v][l]
//
// tall are for maps of few pixels: lists for five output channels at once, six, and so on,
// with as many tiles as each other. There may be none. The other lists have at least one.
type tileKernels struct {
	conv1, conv4 []func(*convArgs)
	tall         [][]func(*convArgs)
	grad1, grad4 []func(*gradArgs)
	grad4x3x2    []func(*gradArgs) // one, or none if there are too few registers
	grad3x3      func(*gradArgs)   // may be nil
}

// tiles computes convolutions and affine maps with them.
type tiles struct {
	tileKernels
	width     int // floats in a vector
	transpose func(to, from []float32, rows, cols, toRow, fromRow int)
	// interleave writes to[4·(t·cols+c)+r] = from[t·fromT+r·fromRow+c] for t < n, r < 4, c < cols.
	interleave func(to, from []float32, n, cols, fromT, fromRow int)
	// depthwise is that of packed maps; nil if there is none.
	depthwise func(y, x, w, b []float32, c *PackedConv, rows, blocks Range)
}

func (t *tiles) convs() convs {
	return convs{
		convForward:     t.convForward,
		convInputGrad:   t.convInputGrad,
		convWeightGrad:  t.convWeightGrad,
		denseForward:    func(y, x, w, b []float32, d *Dense) { t.convForward(y, x, w, b, d.conv, nil) },
		denseInputGrad:  func(dx, dy, w []float32, d *Dense) { t.convInputGrad(dx, dy, w, d.conv, false) },
		denseWeightGrad: func(dw, db, dy, x []float32, d *Dense) { t.convWeightGrad(dw, db, dy, x, d.conv, nil) },
		convSingle:      t.convSingle,
		denseSingle:     t.denseSingle,
	}
}

const (
	pixelBytes = Lanes * 4
	floatBytes = 4
)

// tileCall is what a call needs, reused because what goes through a function variable
// escapes.
type tileCall struct {
	conv    convArgs
	grad    gradArgs
	padded  []float32
	turned  []float32 // inputs of a dense layer
	weights []float32
	packed  PackedConv
}

var tilePool = sync.Pool{New: func() any { return new(tileCall) }}
