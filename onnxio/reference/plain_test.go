package reference

import (
	"math"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// plain are the plain forms of operators that are computed in blocks: one loop around the
// other, in the same order of sums. Their inputs and attributes must be right.
var plain = map[string]func(c *call) *Tensor{
	"Conv":              plainConv,
	"ConvTranspose":     plainConvTranspose,
	"MaxPool":           plainPool(plainMax, nil),
	"AveragePool":       plainAverage,
	"LpPool":            plainLpPool,
	"GlobalAveragePool": plainGlobal(average),
	"GlobalMaxPool":     plainGlobal(plainLargest),
	"MatMul":            func(c *call) *Tensor { return plainProduct(c.in[0], c.in[1]) },
	"Gemm":              plainGemm,
	"Einsum":            plainEinsum,
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func plainConv(c *call) *Tensor {
	x, w, group := c.in[0], c.in[1], c.count("group", 1, 1)
	win := must(c.newWindow(x.Shape[2:], w.Shape[2:]))
	outs, ins, in, out, taps := w.Shape[0], w.Shape[1], product(win.in), product(win.out), product(win.kernel)
	y := must(newTensor(x.Type, append([]int{x.Shape[0], outs}, win.out...)...))
	stride := win.stride[len(win.kernel)-1]
	for n := range x.Shape[0] {
		for m := range outs {
			ym := y.Floats[(n*outs+m)*out:][:out]
			if len(c.in) > 2 {
				fill(ym, c.in[2].Floats[m])
			}
			first := m / (outs / group) * ins
			for k := range ins {
				xk := x.Floats[(n*x.Shape[1]+first+k)*in:][:in]
				wk := w.Floats[(m*ins+k)*taps:][:taps]
				win.walk(func(tap, o, i, n int) { addScaled(ym[o:o+n], wk[tap], xk[i:], stride) })
			}
		}
	}
	return y
}

func plainConvTranspose(c *call) *Tensor {
	x, w, group := c.in[0], c.in[1], c.count("group", 1, 1)
	win := must(c.newTransposed(x.Shape[2:], w.Shape[2:]))
	each, ins, from, to, taps := w.Shape[1], x.Shape[1], product(win.out), product(win.in), product(win.kernel)
	outs, stride := each*group, win.stride[len(win.kernel)-1]
	y := must(newTensor(x.Type, append([]int{x.Shape[0], outs}, win.in...)...))
	for n := range x.Shape[0] {
		for m := range outs {
			ym := y.Floats[(n*outs+m)*to:][:to]
			if len(c.in) > 2 {
				fill(ym, c.in[2].Floats[m])
			}
			first := m / each * (ins / group)
			for k := first; k < first+ins/group; k++ {
				xk := x.Floats[(n*ins+k)*from:][:from]
				wk := w.Floats[(k*each+m%each)*taps:][:taps]
				win.walk(func(tap, o, i, n int) {
					for j, v := range xk[o : o+n] {
						ym[i+j*stride] += wk[tap] * v
					}
				})
			}
		}
	}
	return y
}

// plainPool joins the numbers under each window one by one; end is what becomes of a result.
func plainPool(join func(y, v float64, first bool) float64, end func(c *call, p *pool, y []float64)) func(c *call) *Tensor {
	return func(c *call) *Tensor {
		p := must(newPool(c))
		in, out, step := product(p.in), product(p.out), p.stride[len(p.in)-1]
		for k := range p.x.Shape[0] * p.x.Shape[1] {
			x, y := p.x.Floats[k*in:][:in], p.y.Floats[k*out:][:out]
			seen := make([]bool, out)
			p.walk(func(_, o, i, n int) {
				for j := range n {
					y[o+j] = join(y[o+j], x[i+j*step], !seen[o+j])
					seen[o+j] = true
				}
			})
			if end != nil {
				end(c, p, y)
			}
		}
		return p.y.as(c.in[0].Type)
	}
}

func plainMax(y, v float64, first bool) float64 {
	if first || v > y || v != v {
		return v
	}
	return y
}

// plainPlaces is where MaxPool finds its numbers: MaxPool of indices, compared by the numbers.
func plainPlaces(c *call) []int64 {
	x, at := c.in[0].Floats, *c
	at.in = []*Tensor{like(c.in[0], make([]float64, len(x)))}
	for i := range x {
		at.in[0].Floats[i] = float64(i)
	}
	y := plainPool(func(y, v float64, first bool) float64 {
		if first || x[int(v)] > x[int(y)] || x[int(v)] != x[int(v)] {
			return v
		}
		return y
	}, nil)(&at)
	return each(y.Floats, func(v float64) int64 { return int64(v) })
}

func plainAverage(c *call) *Tensor {
	return plainPool(func(y, v float64, _ bool) float64 { return y + v }, func(c *call, p *pool, y []float64) {
		w := p.window
		if c.flag("count_include_pad", false) {
			w = p.padded()
		}
		n := make([]int, len(y))
		w.walk(func(_, o, _, k int) {
			for j := range k {
				n[o+j]++
			}
		})
		for i := range y {
			y[i] /= float64(n[i])
		}
	})(c)
}

func plainLpPool(c *call) *Tensor {
	norm := c.norm()
	return plainPool(
		func(y, v float64, _ bool) float64 { return y + math.Pow(math.Abs(v), norm) },
		func(_ *call, _ *pool, y []float64) {
			for i := range y {
				y[i] = math.Pow(y[i], 1/norm)
			}
		})(c)
}

func plainGlobal(f func(row []float64) float64) func(c *call) *Tensor {
	return func(c *call) *Tensor {
		x := c.in[0]
		n := product(x.Shape[2:])
		y := must(newTensor(x.Type, x.Shape[0], x.Shape[1]))
		for i := range y.Floats {
			y.Floats[i] = f(x.Floats[i*n:][:n])
		}
		for range x.Shape[2:] {
			y.Shape = append(y.Shape, 1)
		}
		return y
	}
}

func plainLargest(row []float64) float64 {
	top := math.Inf(-1)
	for _, x := range row {
		top = math.Max(top, x)
	}
	return top
}

// plainProduct multiplies stacks of matrices whose axes in front are the same.
func plainProduct(a, b *Tensor) *Tensor {
	axes := len(a.Shape) - 2
	m, k, n := a.Shape[axes], a.Shape[axes+1], b.Shape[axes+1]
	y := must(newTensor(a.Type, append(append([]int{}, a.Shape[:axes]...), m, n)...))
	for s := range product(a.Shape[:axes]) {
		for i := range m {
			for p := range k {
				addScaled(y.Floats[(s*m+i)*n:][:n], a.Floats[(s*m+i)*k+p], b.Floats[(s*k+p)*n:], 1)
			}
		}
	}
	return y
}

func plainGemm(c *call) *Tensor {
	side := func(k int, trans string) *Tensor {
		if !c.flag(trans, false) {
			return c.in[k]
		}
		t, r, n := c.in[k], c.in[k].Shape[0], c.in[k].Shape[1]
		turned := must(newTensor(t.Type, n, r))
		for i, v := range t.Floats {
			turned.Floats[i%n*r+i/n] = v
		}
		return turned
	}
	y := plainProduct(side(0, "transA"), side(1, "transB"))
	for i := range y.Floats {
		y.Floats[i] *= c.float("alpha", 1)
	}
	if len(c.in) > 2 {
		for i := range y.Floats {
			y.Floats[i] += c.float("beta", 1) * c.in[2].Floats[i%y.Shape[1]]
		}
	}
	return y
}

// plainEinsum writes down every product before the sums are taken.
func plainEinsum(c *call) *Tensor {
	e := must(parseEquation(must(c.node.String("equation", "")), c.in))
	var joint *Tensor
	for i, t := range c.in {
		t = must(e.spread(t, e.terms[i]))
		if joint != nil {
			t = must(multiplication.apply(joint, t))
		}
		joint = t
	}
	n := product(e.sizes[e.kept:])
	y := must(newTensor(graph.Float, e.sizes[:e.kept]...))
	for i := range y.Floats {
		y.Floats[i] = sum(joint.Floats[i*n:][:n])
	}
	return y
}
