package kernel

// Single is the geometry of a convolution of one sample alone, for which fifteen of sixteen
// lanes would be empty. The rows of a map follow one another, Pitch floats
// apart, and neighbouring pixels are the lanes: output pixel p, of all the rows' N,
// reads input pixel p + ky·DilationH·Pitch + kx·DilationW. The stride is 1. At the end
// of each row some outputs reach into the next one: they hold no pixel and are not read.
type Single struct {
	In, Out, Groups      int
	KH, KW               int
	DilationH, DilationW int
	Pitch                int // of the input's rows, and of the output's
	XPlane, YPlane       int // floats from one channel to the next
	N                    int // outputs of a channel, a multiple of 16
}

// Reads is the number of floats of x that a convolution reads.
func (s *Single) Reads() int {
	return (s.In-1)*s.XPlane + (s.KH-1)*s.DilationH*s.Pitch + (s.KW-1)*s.DilationW + s.N
}

// Writes is the number of floats from the first to the last that it writes.
func (s *Single) Writes() int { return (s.Out-1)*s.YPlane + s.N }

// ConvSingle overwrites y with the convolution of x:
//
//	y[oc][p] = b[oc] + Σ w[oc][ic][ky][kx] · x[ic][p + ky·d·pitch + kx·d]   for p < N
//
// x has at least Reads floats, y Writes. The sums go in ConvForward's order.
func ConvSingle(y, x, w, b []float32, s *Single) {
	x, y = x[:s.Reads()], y[:s.Writes()]
	reads(x, w, b)
	writes(y)
	active.convSingle(y, x, w, b, s)
}

// DenseSingle overwrites y with y[o] = b[o] + Σ w[o][i]·x[i]. w is [len(y)][len(x)], b
// has len(y) values or is nil.
func DenseSingle(y, x, w, b []float32) {
	reads(x, w, b)
	writes(y)
	active.denseSingle(y, x, w, b)
}
