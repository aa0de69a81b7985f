package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestDenseEqualsPlainLoopsOnRandomSizes(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for i := range 150 {
		in, out := 1+rng.IntN(40), 1+rng.IntN(14)
		eachBackend(t, fmt.Sprintf("%d: %d to %d", i, in, out), func(t *testing.T) {
			d := NewDense(in, out)
			x, dy, w, b := random(rng, in*Lanes), random(rng, out*Lanes), random(rng, in*out), random(rng, out)
			if i%4 == 0 {
				b = nil
			}
			dw, db := random(rng, in*out), random(rng, out)
			wantY, wantX, wantW, wantB := newSums(out*Lanes), newSums(in*Lanes), newSums(in*out), newSums(out)
			wantW.start(dw)
			wantB.start(db)
			for o := range out {
				for l := range Lanes {
					if b != nil {
						wantY.add(o*Lanes+l, b[o], 1)
					}
					wantB.add(o, dy[o*Lanes+l], 1)
					for i := range in {
						wantY.add(o*Lanes+l, w[o*in+i], x[i*Lanes+l])
						wantX.add(i*Lanes+l, w[o*in+i], dy[o*Lanes+l])
						wantW.add(o*in+i, x[i*Lanes+l], dy[o*Lanes+l])
					}
				}
			}
			y, dx, again := garbage(out*Lanes), garbage(in*Lanes), append([]float32(nil), dw...)
			DenseForward(y, x, w, b, d)
			wantY.check(t, "y", y)
			DenseInputGrad(dx, dy, w, d)
			wantX.check(t, "dx", dx)
			DenseWeightGrad(dw, db, dy, x, d)
			wantW.check(t, "dw", dw)
			wantB.check(t, "db", db)
			DenseWeightGrad(again, nil, dy, x, d)
			wantW.check(t, "dw without bias", again)
		})
	}
}
