package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func randomSingle(rng *rand.Rand) *Single {
	s := &Single{
		Groups: 1 + rng.IntN(2), KH: 1 + rng.IntN(4), KW: 1 + rng.IntN(5),
		DilationH: 1 + rng.IntN(2), DilationW: 1 + rng.IntN(2), Pitch: 1 + rng.IntN(20),
		N: 16 * (1 + rng.IntN(6)),
	}
	s.In, s.Out = s.Groups*(1+rng.IntN(4)), s.Groups*(1+rng.IntN(7))
	s.XPlane = (s.KH-1)*s.DilationH*s.Pitch + (s.KW-1)*s.DilationW + s.N + rng.IntN(9)
	s.YPlane = s.N + rng.IntN(9)
	return s
}

func TestConvSingleEqualsPlainLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for i := range 200 {
		s := randomSingle(rng)
		eachBackend(t, fmt.Sprintf("%d %+v", i, *s), func(t *testing.T) {
			in, out := s.In/s.Groups, s.Out/s.Groups
			x, w, b := random(rng, s.Reads()), random(rng, s.Out*in*s.KH*s.KW), random(rng, s.Out)
			if i%4 == 0 {
				b = nil
			}
			y := garbage(s.Writes())
			ConvSingle(y, x, w, b, s)
			want, got := newSums(s.Out*s.N), make([]float32, 0, s.Out*s.N)
			for o := range s.Out {
				got = append(got, y[o*s.YPlane:][:s.N]...)
				for p := range s.N {
					if b != nil {
						want.add(o*s.N+p, b[o], 1)
					}
					for c := range in {
						for ky := range s.KH {
							for kx := range s.KW {
								from := (o/out*in+c)*s.XPlane + p + ky*s.DilationH*s.Pitch + kx*s.DilationW
								want.add(o*s.N+p, w[((o*in+c)*s.KH+ky)*s.KW+kx], x[from])
							}
						}
					}
				}
			}
			want.check(t, "y", got)
		})
	}
}

func TestDenseSingleEqualsPlainLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for i := range 80 {
		in, out := 1+rng.IntN(90), 1+rng.IntN(11)
		eachBackend(t, fmt.Sprintf("%d: %d to %d", i, in, out), func(t *testing.T) {
			x, w, b := random(rng, in), random(rng, in*out), random(rng, out)
			if i%4 == 0 {
				b = nil
			}
			want := newSums(out)
			for o := range out {
				if b != nil {
					want.add(o, b[o], 1)
				}
				for i := range in {
					want.add(o, w[o*in+i], x[i])
				}
			}
			y := garbage(out)
			DenseSingle(y, x, w, b)
			want.check(t, "y", y)
		})
	}
}
