package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"unsafe"
)

// memory hands out the slices that a kernel of the table runs on, and remembers what they held.
type memory struct {
	rng     *rand.Rand
	odd     *rand.Rand                 // if there is one, some values are those of oddFloats
	atEnd   bool                       // bytes lie at the end of their slice
	alloc   func(n int) guarded        // where slices lie
	touch   func(slice int, g guarded) // called when a slice has its values
	slices  []guarded
	results []float64
}

// guarded is a slice, and what lies around it.
type guarded struct {
	all, data, was []float32
	written        bool // the kernel writes to it
}

// oddFloats are those for which a kernel may need a case of its own.
var oddFloats = []float32{
	0, float32(math.Copysign(0, -1)), inf, -inf, float32(math.NaN()),
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 1e-39, -1e-39, math.MaxFloat32, -math.MaxFloat32, 1, -1,
}

// newMemory is ordinary memory.
func newMemory(seed uint64) *memory {
	return &memory{rng: rand.New(rand.NewPCG(seed, 1)), alloc: func(n int) guarded {
		v := make([]float32, n)
		return guarded{all: v, data: v}
	}}
}

// values are n random numbers.
func (m *memory) values(n int) []float32 {
	v := random(m.rng, n)
	for i := range v {
		if m.odd != nil && m.odd.IntN(4) == 0 {
			v[i] = oddFloats[m.odd.IntN(len(oddFloats))]
		}
	}
	return v
}

func (m *memory) take(values []float32, written bool) []float32 {
	g := m.alloc(len(values))
	copy(g.data, values)
	g.was, g.written = slices.Clone(values), written
	m.slices = append(m.slices, g)
	if m.touch != nil {
		m.touch(len(m.slices)-1, g)
	}
	return g.data
}

// in is a slice of random values that a kernel reads; inOf is one of these values.
func (m *memory) in(n int) []float32              { return m.take(m.values(n), false) }
func (m *memory) inOf(values []float32) []float32 { return m.take(values, false) }

// inOut is a slice of random values that a kernel changes; inOutOf is one of these values.
func (m *memory) inOut(n int) []float32              { return m.take(m.values(n), true) }
func (m *memory) inOutOf(values []float32) []float32 { return m.take(values, true) }

// out is a slice that a kernel overwrites.
func (m *memory) out(n int) []float32 { return m.take(garbage(n), true) }

// inBytes is a slice of bytes that a kernel reads.
func (m *memory) inBytes(n int) []byte {
	v := m.in((n + 3) / 4)
	b := unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), 4*len(v))
	if m.atEnd {
		return b[len(b)-n:]
	}
	return b[:n]
}

// result takes the numbers that a kernel returns.
func (m *memory) result(values ...float64) { m.results = append(m.results, values...) }

// check reports what a kernel has done that it may not.
func (m *memory) check() error {
	for k, g := range m.slices {
		for i, v := range g.data {
			switch {
			case g.written && math.IsNaN(float64(v)):
				return fmt.Errorf("slice %d: element %d was not written, or comes from outside", k, i)
			case !g.written && v != g.was[i]:
				return fmt.Errorf("slice %d: element %d, which is only to be read, was changed", k, i)
			}
		}
		start := int(uintptr(unsafe.Pointer(&g.data[0]))-uintptr(unsafe.Pointer(&g.all[0]))) / floatBytes
		for i, v := range g.all {
			inside := i >= start && i < start+len(g.data)
			if !inside && math.Float32bits(v) != math.Float32bits(canary) {
				return fmt.Errorf("slice %d: float %d of %d was written", k, i-start, len(g.data))
			}
		}
	}
	if i := slices.IndexFunc(m.results, math.IsNaN); i >= 0 {
		return fmt.Errorf("result %d comes from outside", i)
	}
	return nil
}

// canary lies around slices: a NaN, so that a read shows in results too.
var canary = math.Float32frombits(0x7fc0dead)
