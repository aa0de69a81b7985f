package match

import (
	"runtime"
	"sync"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

const (
	lanes = 16   // channels of the second network at a time
	chunk = 2048 // numbers of a channel at a time
)

// gainOf is the matrix of how alike the channels of the two networks are by some terms: n × n,
// with a row for each channel of the first.
func gainOf(n int, terms []*term) []float64 {
	gain := make([]float64, n*n)
	for _, t := range terms {
		for i, g := range t.gain(n) {
			gain[i] += g
		}
	}
	return gain
}

// mostKept bounds the channels of terms that are kept.
const mostKept = 1024

// gain is the matrix of one term. It is kept as long as the orders that it depends on stay.
func (t *term) gain(n int) []float64 {
	version := t.version()
	if t.kept != nil && t.keptAt == version {
		return t.kept
	}
	gain := make([]float64, n*n)
	if t.values != nil {
		t.addValues(gain, n)
	} else {
		t.addProducts(gain, n)
	}
	if n <= mostKept {
		t.kept, t.keptAt = gain, version
	}
	return gain
}

// version changes whenever an order does that the term depends on.
func (t *term) version() (sum int) {
	if t.values != nil {
		return 0
	}
	for _, s := range t.others() {
		if v := s.free(); v != nil {
			sum += v.version
		}
	}
	return sum
}

// others is the layout on whose order the term depends.
func (t *term) others() layout {
	if t.consumer {
		return t.to
	}
	return t.in
}

// mostWork bounds the multiply–adds of a term. In tests it is lower.
var mostWork int64 = 1 << 32

// compared is how many numbers of each channel the term compares: all, unless that is too much
// work, as of the dense layers of VGG, whose first ones are enough.
func (t *term) compared(n int) int {
	return min(t.width(), max(chunk, int(mostWork/int64(n*n))))
}

// addProducts adds the inner products of channels. Those of the second network are shared out
// among goroutines, which does not change a bit.
func (t *term) addProducts(gain []float64, n int) {
	first, second := t.readers()
	width := t.compared(n)
	w := make([]float32, n*min(width, chunk))
	for from := 0; from < width; from += chunk {
		size := min(chunk, width-from)
		for i := range n {
			first.read(w[i*size:(i+1)*size], i, from)
		}
		var wait sync.WaitGroup
		next := make(chan int)
		for range min(runtime.GOMAXPROCS(0), (n+lanes-1)/lanes) {
			wait.Go(func() {
				p := newProduct(size, n)
				for j := range next {
					p.add(gain, w[:n*size], &second, j, from)
				}
			})
		}
		for j := 0; j < n; j += lanes {
			next <- j
		}
		close(next)
		wait.Wait()
	}
	if !t.consumer {
		t.addZeros(gain, n)
	}
}

// addZeros makes filters of zeros alike.
func (t *term) addZeros(gain []float64, n int) {
	for k := range t.block {
		for i := range n {
			if t.first.scale[t.start+i*t.block+k] != 0 {
				continue
			}
			for j := range n {
				if t.second.scale[t.start+j*t.block+k] == 0 {
					gain[i*n+j]++
				}
			}
		}
	}
}

// product multiplies channels of the first network by a few of the second.
type product struct {
	dense   *kernel.Dense
	size, n int
	row     []float32
	x, y    []float32 // [size][lanes], [n][lanes]
}

func newProduct(size, n int) *product {
	return &product{kernel.NewDense(size, n), size, n, make([]float32, size), make([]float32, size*lanes), make([]float32, n*lanes)}
}

// add adds the products with channels j and on, at most lanes of them.
func (p *product) add(gain []float64, w []float32, second *reader, j, from int) {
	clear(p.x)
	count := min(lanes, p.n-j)
	for l := range count {
		second.read(p.row, j+l, from)
		for k, v := range p.row {
			p.x[k*lanes+l] = v
		}
	}
	kernel.DenseForward(p.y, p.x, w, nil, p.dense)
	for i := range p.n {
		for l := range count {
			gain[i*p.n+j+l] += float64(p.y[i*lanes+l])
		}
	}
}
