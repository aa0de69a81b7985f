package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTransposeEqualsItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	sizes := [][2]int{{0, 5}, {1, 1}, {8, 8}, {7, 9}, {16, 784}, {2592, 16}, {3, 100}, {17, 33}, {8, 8*transposeLong + 8}}
	for range 20 {
		sizes = append(sizes, [2]int{rng.IntN(40), rng.IntN(40)})
	}
	for _, size := range sizes {
		rows, cols := size[0], size[1]
		from, want := random(rng, rows*cols), make([]float32, rows*cols)
		for r := range rows {
			for c := range cols {
				want[c*rows+r] = from[r*cols+c]
			}
		}
		eachBackend(t, fmt.Sprint(size), func(t *testing.T) {
			to := garbage(rows * cols)
			Transpose(to, from, rows, cols)
			if !slices.Equal(to, want) {
				t.Error("elements at wrong places")
			}
		})
	}
}

// transposeLong is more tiles than one call of the kernel takes.
const transposeLong = 1 << 10

func BenchmarkTranspose(b *testing.B) {
	for _, size := range [][2]int{{Lanes, 784}, {192, Lanes}} {
		from, to := make([]float32, size[0]*size[1]), make([]float32, size[0]*size[1])
		for _, backend := range realBackends() {
			b.Run(fmt.Sprint(size, backend), func(b *testing.B) {
				restore, err := Use(backend)
				if err != nil {
					b.Fatal(err)
				}
				defer restore()
				b.SetBytes(int64(4 * len(from)))
				for b.Loop() {
					Transpose(to, from, size[0], size[1])
				}
			})
		}
	}
}
