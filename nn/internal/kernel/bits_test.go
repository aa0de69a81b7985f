package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Kernels that no other test holds to their definition give the bits of the Go loop on every
// backend, of zeros of both signs, infinities, NaN and denormal numbers too.
func TestKernelsEqualTheGoLoopsToTheBit(t *testing.T) {
	exact, others := map[string]bool{}, map[string]bool{}
	for _, k := range kernelTable {
		if k.heldBy != "" {
			others[k.heldBy] = true
			continue
		}
		exact[k.kernel()] = true
		for seed := range uint64(some(10)) {
			want := outputs(t, "go", k, seed)
			for _, backend := range Backends() {
				for i, got := range outputs(t, backend, k, seed) {
					sameBits(t, fmt.Sprintf("%s, %s, seed %d: slice %d", k.name, backend, seed, i), got, want[i])
				}
			}
		}
	}
	t.Logf("promise K2: %d of %d exported kernels give the Go loop's bits on %d backends, with ±0, ±Inf, NaN and denormal numbers;"+
		" %d tests hold the others, values within %.4g ulp, derivatives within %d, sums within n·2⁻²⁴·Σ|xy| of float64",
		len(exact), len(kernelsOfTable()), len(backends), len(others), maxValueULP, maxGradULP)
}

// outputs are the slices of a row that a kernel writes, on a backend.
func outputs(t *testing.T, backend string, k kernelRow, seed uint64) (list [][]float32) {
	t.Helper()
	restore, err := Use(backend)
	if err != nil {
		t.Fatal(err)
	}
	defer restore()
	m := newMemory(seed)
	if seed%2 == 0 {
		m.odd = rand.New(rand.NewPCG(seed, 2))
	}
	k.run(m)
	for _, g := range m.slices {
		if g.written {
			list = append(list, g.data)
		}
	}
	if slices.Contains([]string{"MaxPoolForward", "MaxPoolPacked"}, k.name) {
		anyZero(list[0])
	}
	return list
}

// anyZero takes −0 for 0: of the two, either may be the maximum.
func anyZero(v []float32) {
	for i := range v {
		v[i] += 0
	}
}
