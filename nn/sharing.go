package nn

import (
	"fmt"
	"strconv"
	"strings"
)

// Sharing says which elements of a feature map share one value of a parameter, such as
// a learned slope. Three ways have names; any other is the shape of the parameter
// itself, which must broadcast to the map's shape as in NumPy (and in ONNX's
// PRelu), aligned at the last axis. The zero value is PerElement.
type Sharing struct {
	name  string
	shape Shape
}

var (
	// PerElement learns one value for each of C·H·W elements: Keras's default.
	PerElement = Sharing{}
	// PerChannel learns one value a channel: PyTorch's PReLU(num_parameters=C),
	// Keras's shared_axes=[1, 2].
	PerChannel = Sharing{name: "channel"}
	// One learns a single value: PyTorch's default.
	One = Sharing{name: "one"}
)

// SharedAs learns a parameter of the given shape, which broadcasts to the map.
func SharedAs(s Shape) Sharing { return Sharing{name: "shape", shape: s} }

// ParseSharing reads one, channel, element or a shape like 8x1x1.
func ParseSharing(s string) (Sharing, error) {
	for _, named := range []Sharing{PerElement, PerChannel, One} {
		if s == named.String() {
			return named, nil
		}
	}
	var shape Shape
	for _, part := range strings.Split(s, "x") {
		d, err := strconv.Atoi(part)
		if err != nil || d < 1 {
			return Sharing{}, fmt.Errorf("unknown sharing %q: choose one, channel, element or a shape like 8x1x1", s)
		}
		shape = append(shape, d)
	}
	return SharedAs(shape), nil
}

// String is the inverse of ParseSharing.
func (s Sharing) String() string {
	switch s.name {
	case "":
		return "element"
	case "shape":
		parts := make([]string, len(s.shape))
		for i, d := range s.shape {
			parts[i] = strconv.Itoa(d)
		}
		return strings.Join(parts, "x")
	}
	return s.name
}

// SharingOf names the sharing of a parameter of shape param on a map of shape x:
// one, channel or element where it is one of these, else the shape. It is an error
// if param does not broadcast to x.
func SharingOf(param, x Shape) (Sharing, error) {
	s := SharedAs(param)
	if _, _, err := s.fits(x); err != nil {
		return Sharing{}, err
	}
	for _, named := range []Sharing{One, PerElement, PerChannel} {
		if p := named.paramShape(x); p.Size() == param.Size() && p.Equal(padLeft(param, len(p))) {
			return named, nil
		}
	}
	return s, nil
}

// Shape is the shape of a parameter that is shared so on a map of shape x; an error if it
// does not broadcast to x.
func (s Sharing) Shape(x Shape) (Shape, error) {
	param, _, err := s.fits(x)
	return param, err
}

// paramShape is the shape of the parameter for a map of shape x.
func (s Sharing) paramShape(x Shape) Shape {
	switch s.name {
	case "":
		return append(Shape(nil), x...)
	case "channel":
		p := ones(len(x))
		p[0] = x[0]
		return p
	case "one":
		return Shape{1}
	}
	return s.shape
}

// run is a stretch of elements, lo to hi−1, that share the parameter's value number
// index; if each, they have one value each, from that one on.
type run struct {
	lo, hi, index int
	each          bool
}

// of is the part of the parameter that the run meets.
func (r run) of(param []float32) []float32 {
	if r.each {
		return param[r.index : r.index+r.hi-r.lo]
	}
	return param[r.index : r.index+1]
}

// cutRuns cuts runs down to stretches of elements, from number lo on and below hi.
func cutRuns(runs []run, stretches [][2]int) (cut []run) {
	for _, r := range runs {
		for _, s := range stretches {
			part := run{max(s[0], r.lo), min(s[1], r.hi), r.index, r.each}
			if r.each {
				part.index += part.lo - r.lo
			}
			if part.lo < part.hi {
				cut = append(cut, part)
			}
		}
	}
	return cut
}

// apart reports whether each of n values is met by one run alone.
func apart(runs []run, n int) bool {
	met := 0
	for _, r := range runs {
		if met++; r.each {
			met += r.hi - r.lo - 1
		}
	}
	return met == n
}

// take makes the run longer by the one behind it, if both are of one kind.
func (r *run) take(next run) bool {
	n, m := r.hi-r.lo, next.hi-next.lo
	switch {
	case !r.each && !next.each && next.index == r.index:
	case (r.each || n == 1) && (next.each || m == 1) && next.index == r.index+n:
		r.each = true
	default:
		return false
	}
	r.hi = next.hi
	return true
}

// fits gives the parameter's shape for a map of shape x, and the same with the axes of x.
func (s Sharing) fits(x Shape) (param, p Shape, err error) {
	param = s.paramShape(x)
	p = padLeft(param, len(x))
	if len(p) > len(x) {
		return nil, nil, fmt.Errorf("a parameter of shape %v does not broadcast to %v: it has more axes", param, x)
	}
	for i := range p {
		if p[i] != 1 && p[i] != x[i] {
			return nil, nil, fmt.Errorf("a parameter of shape %v does not broadcast to %v", param, x)
		}
	}
	return param, p, nil
}

// bind lists the runs of a map of shape x, and the parameter's shape.
func (s Sharing) bind(x Shape) ([]run, Shape, error) {
	param, p, err := s.fits(x)
	if err != nil {
		return nil, nil, err
	}
	// The last axes are of one kind: one value for all of their elements, or one for each.
	size, each, inner := x.Size(), false, 1
	for a := len(x) - 1; a >= 0; a-- {
		if x[a] != 1 {
			if inner > 1 && each != (p[a] != 1) {
				break
			}
			each, inner = p[a] != 1, inner*x[a]
		}
	}
	var runs []run
	for i := 0; i < size; i += inner {
		next := run{lo: i, hi: i + inner, index: broadcastIndex(i, x, p), each: each && inner > 1}
		if n := len(runs); n == 0 || !runs[n-1].take(next) {
			runs = append(runs, next)
		}
	}
	return runs, param, nil
}

// broadcastIndex is the element of a tensor of shape p that element i of a tensor
// of shape x meets.
func broadcastIndex(i int, x, p Shape) int {
	k, stride := 0, 1
	for a := len(x) - 1; a >= 0; a-- {
		if p[a] != 1 {
			k += i % x[a] * stride
			stride *= p[a]
		}
		i /= x[a]
	}
	return k
}

// padLeft puts ones in front until s has n axes, and takes leading ones away if it
// has more.
func padLeft(s Shape, n int) Shape {
	for len(s) > n && s[0] == 1 {
		s = s[1:]
	}
	if len(s) >= n {
		return s
	}
	return append(ones(n-len(s)), s...)
}

func ones(n int) Shape {
	s := make(Shape, n)
	for i := range s {
		s[i] = 1
	}
	return s
}
