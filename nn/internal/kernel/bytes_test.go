package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Every value of a byte in every lane, upright and inverted, and numbers of pixels
// around what one round and one call of the kernel take.
func TestFromBytesDividesBy255(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	for _, n := range []int{0, 1, 15, 16, 17, 256, 5000} {
		for _, absent := range [][]int{nil, {15}, {0, 1, 2, 3, 4, 5, 6, 7, 8}} {
			var x [Lanes][]byte
			var inverted [Lanes]bool
			want := make([]float32, n*Lanes)
			for l := range x {
				if slices.Contains(absent, l) {
					continue
				}
				inverted[l] = rng.IntN(2) == 0
				x[l] = make([]byte, n)
				for i := range n {
					x[l][i] = byte(i + 16*l)
					v := x[l][i]
					if inverted[l] {
						v = 255 - v
					}
					want[i*Lanes+l] = float32(v) / 255
				}
			}
			eachBackend(t, fmt.Sprint(n, absent), func(t *testing.T) {
				y := garbage(n * Lanes)
				FromBytes(y, x, inverted)
				if !slices.Equal(y, want) {
					t.Error("differs from a division")
				}
			})
		}
	}
}

func BenchmarkFromBytes(b *testing.B) {
	const n = 28 * 28
	var x [Lanes][]byte
	for l := range x {
		x[l] = make([]byte, n)
	}
	y := make([]float32, n*Lanes)
	for _, backend := range realBackends() {
		b.Run(backend, func(b *testing.B) {
			restore, err := Use(backend)
			if err != nil {
				b.Fatal(err)
			}
			defer restore()
			b.SetBytes(4 * n * Lanes)
			for b.Loop() {
				FromBytes(y, x, [Lanes]bool{})
			}
		})
	}
}
