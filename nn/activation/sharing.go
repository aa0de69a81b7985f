package activation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Sharing says which elements of a feature map share one value of a parameter, such as
// a learned slope. Three ways have names; any other is the shape of the parameter
// itself, which must broadcast to the map's shape as in NumPy (and in ONNX's
// PRelu), aligned at the last axis. The zero value is PerElement.
type Sharing struct {
	name  string
	shape op.Shape
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
func SharedAs(s op.Shape) Sharing { return Sharing{name: "shape", shape: slices.Clone(s)} }

// ParseSharing reads one, channel, element or a shape like 8x1x1.
func ParseSharing(s string) (Sharing, error) {
	for _, named := range []Sharing{PerElement, PerChannel, One} {
		if s == named.String() {
			return named, nil
		}
	}
	var shape op.Shape
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
func SharingOf(param, x op.Shape) (Sharing, error) {
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
func (s Sharing) Shape(x op.Shape) (op.Shape, error) {
	param, _, err := s.fits(x)
	return param, err
}

// paramShape is the shape of the parameter for a map of shape x.
func (s Sharing) paramShape(x op.Shape) op.Shape {
	switch s.name {
	case "":
		return append(op.Shape(nil), x...)
	case "channel":
		p := ones(len(x))
		p[0] = x[0]
		return p
	case "one":
		return op.Shape{1}
	}
	return s.shape
}

// fits gives the parameter's shape for a map of shape x, and the same with the axes of x.
func (s Sharing) fits(x op.Shape) (param, p op.Shape, err error) {
	param = s.paramShape(x)
	p = padLeft(param, len(x))
	if len(p) > len(x) || len(param) > len(x)+1 { // one more is the axis of samples
		return nil, nil, fmt.Errorf("a parameter of shape %v does not broadcast to %v: it has more axes", param, x)
	}
	for i := range p {
		if p[i] != 1 && p[i] != x[i] {
			return nil, nil, fmt.Errorf("a parameter of shape %v does not broadcast to %v", param, x)
		}
	}
	return param, p, nil
}

// padLeft puts ones in front until s has n axes, and takes leading ones away if it
// has more.
func padLeft(s op.Shape, n int) op.Shape {
	for len(s) > n && s[0] == 1 {
		s = s[1:]
	}
	if len(s) >= n {
		return s
	}
	return append(ones(n-len(s)), s...)
}

func ones(n int) op.Shape {
	s := make(op.Shape, n)
	for i := range s {
		s[i] = 1
	}
	return s
}
