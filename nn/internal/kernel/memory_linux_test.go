package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"syscall"
	"testing"
	"unsafe"
)

// A kernel in assembly that reads or writes a few floats too many goes unnoticed by the
// race detector, by checkptr and by most tests. Here its slices lie against pages that
// cannot be touched, at one end and then at the other, or between canaries at every
// alignment.

// placement says where in its pages a slice lies.
type placement struct {
	name   string
	atEnd  bool // the slice ends where the forbidden page begins
	offset int  // floats that it is away from the forbidden page, in which canaries live
}

func placements() []placement {
	list := []placement{{"against the page behind", true, 0}, {"against the page in front", false, 0}}
	for offset := 1; offset < Lanes; offset += 3 {
		list = append(list, placement{fmt.Sprintf("%d floats off", offset), false, offset})
	}
	return list
}

// memory hands out slices in one placement and remembers what they held.
type memory struct {
	placement
	rng     *rand.Rand
	slices  []guarded
	mapping [][]byte
}

type guarded struct {
	all, data, was []float32 // all: the pages that may be touched
	written        bool
}

var canary = math.Float32frombits(0x7fc0dead) // a NaN, so that a read shows in results too

const page = 4096

// alloc maps enough pages for n floats between two that fault.
func (m *memory) alloc(n int) guarded {
	size := (n*4 + m.offset*4 + page - 1) / page * page
	b, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	m.mapping = append(m.mapping, b)
	for _, forbidden := range [][]byte{b[:page], b[page+size:]} {
		if err := syscall.Mprotect(forbidden, syscall.PROT_NONE); err != nil {
			panic(err)
		}
	}
	all := unsafe.Slice((*float32)(unsafe.Pointer(&b[page])), size/4)
	for i := range all {
		all[i] = canary
	}
	at := m.offset
	if m.atEnd {
		at = len(all) - n - m.offset
	}
	return guarded{all: all, data: all[at : at+n : at+n]}
}

// in is a slice of random values that a kernel reads.
func (m *memory) in(n int) []float32 {
	g := m.alloc(n)
	copy(g.data, random(m.rng, n))
	g.was = slices.Clone(g.data)
	m.slices = append(m.slices, g)
	return g.data
}

// inBytes is a slice of bytes that a kernel reads. One against the page behind ends there.
func (m *memory) inBytes(n int) []byte {
	v := m.in((n + 3) / 4)
	b := unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), 4*len(v))
	if m.atEnd {
		return b[len(b)-n:]
	}
	return b[:n]
}

// inOut is a slice that a kernel changes.
func (m *memory) inOut(n int) []float32 {
	g := m.alloc(n)
	copy(g.data, random(m.rng, n))
	g.written = true
	m.slices = append(m.slices, g)
	return g.data
}

// out is a slice that a kernel overwrites.
func (m *memory) out(n int) []float32 {
	v := m.inOut(n)
	copy(v, garbage(n))
	return v
}

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
		start := int(uintptr(unsafe.Pointer(&g.data[0]))-uintptr(unsafe.Pointer(&g.all[0]))) / 4
		for i, v := range g.all {
			inside := i >= start && i < start+len(g.data)
			if !inside && math.Float32bits(v) != math.Float32bits(canary) {
				return fmt.Errorf("slice %d: float %d of %d was written", k, i-start, len(g.data))
			}
		}
	}
	return nil
}

func (m *memory) free() {
	for _, b := range m.mapping {
		syscall.Munmap(b)
	}
}

// guard runs a kernel in one placement and reports what it did wrong.
func guard(p placement, seed uint64, run func(m *memory)) (err error) {
	m := &memory{placement: p, rng: rand.New(rand.NewPCG(seed, 1))}
	defer m.free()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("fault: %v", r)
		}
	}()
	run(m)
	return m.check()
}

func TestKernelsStayInsideTheirSlices(t *testing.T) {
	for _, k := range kernelTable {
		eachBackend(t, k.name, func(t *testing.T) {
			for _, p := range placements() {
				for seed := range uint64(k.rounds) {
					if err := guard(p, seed, k.run); err != nil {
						t.Fatalf("%s, seed %d: %v", p.name, seed, err)
					}
				}
			}
		})
	}
}

// Kernels that do what must not be done: each is caught in at least one placement.
func TestGuardsCatchKernelsThatStray(t *testing.T) {
	at := func(v []float32, i int) *float32 { return (*float32)(unsafe.Add(unsafe.Pointer(&v[0]), 4*i)) }
	sum := func(y, x []float32, from, to int) {
		var s float32
		for i := from; i < to; i++ {
			s += *at(x, i)
		}
		for i := range y {
			y[i] = s
		}
	}
	const n = 5 * Lanes
	for name, stray := range map[string]func(y, x []float32){
		"reads one float too far":        func(y, x []float32) { sum(y, x, 0, n+1) },
		"reads one float before":         func(y, x []float32) { sum(y, x, -1, n) },
		"writes one float too far":       func(y, x []float32) { sum(y, x, 0, n); *at(y, n) = 1 },
		"writes one float before":        func(y, x []float32) { sum(y, x, 0, n); *at(y, -1) = 1 },
		"leaves the last float":          func(y, x []float32) { sum(y[:n-1], x, 0, n) },
		"changes what it is to read":     func(y, x []float32) { sum(y, x, 0, n); x[3]++ },
		"writes far behind":              func(y, x []float32) { sum(y, x, 0, n); *at(y, n+40) = 1 },
		"reads a vector where one float": func(y, x []float32) { sum(y, x, 0, n+Lanes-1) },
	} {
		caught := false
		for _, p := range placements() {
			err := guard(p, 1, func(m *memory) { stray(m.out(n), m.in(n)) })
			caught = caught || err != nil
		}
		if !caught {
			t.Errorf("a kernel that %s is not caught", name)
		}
	}
	for _, p := range placements() {
		if err := guard(p, 1, func(m *memory) { sum(m.out(n), m.in(n), 0, n) }); err != nil {
			t.Errorf("a kernel that stays inside, %s: %v", p.name, err)
		}
	}
}
