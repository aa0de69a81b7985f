package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestCopyRowsEqualsItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(43, 44))
	sizes := [][3]int{{0, 5, 7}, {1, 1, 1}, {22, 22, 28}, {16, 16, 28}, {3, 9, 9}, {5, 7, 100}, {3 * rowsFloats / 8, 8, 9}, {2, 2 * rowsFloats, 3 * rowsFloats}}
	for range 30 {
		width := 1 + rng.IntN(40)
		sizes = append(sizes, [3]int{rng.IntN(20), width, width + rng.IntN(9)})
	}
	for _, size := range sizes {
		rows, width, pitch := size[0], size[1], size[2]
		from := random(rng, rows*pitch)
		var want []float32
		for r := range rows {
			want = append(want, from[r*pitch:][:width]...)
		}
		if rows > 0 {
			from = from[:(rows-1)*pitch+width]
		}
		eachBackend(t, fmt.Sprint(size), func(t *testing.T) {
			to := garbage(rows * width)
			if CopyRows(to, from, rows, width, pitch); !slices.Equal(to, want) {
				t.Error("elements at wrong places")
			}
		})
	}
}

func BenchmarkCopyRows(b *testing.B) {
	from, to := make([]float32, 22*28), make([]float32, 22*22)
	for _, backend := range realBackends() {
		b.Run(backend, func(b *testing.B) {
			restore, err := Use(backend)
			if err != nil {
				b.Fatal(err)
			}
			defer restore()
			b.SetBytes(int64(4 * len(to)))
			for b.Loop() {
				CopyRows(to, from, 22, 22, 28)
			}
		})
	}
}
