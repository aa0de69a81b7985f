package kernel

import (
	"fmt"
	"os"
	"runtime/debug"
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

const page = 4096

// pages are the mappings of a test.
type pages struct {
	placement
	mapping [][]byte
}

// alloc maps enough pages for n floats between two that fault.
func (p *pages) alloc(n int) guarded {
	size := (n*4 + p.offset*4 + page - 1) / page * page
	b, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	p.mapping = append(p.mapping, b)
	for _, forbidden := range [][]byte{b[:page], b[page+size:]} {
		if err := syscall.Mprotect(forbidden, syscall.PROT_NONE); err != nil {
			panic(err)
		}
	}
	all := unsafe.Slice((*float32)(unsafe.Pointer(&b[page])), size/4)
	for i := range all {
		all[i] = canary
	}
	at := p.offset
	if p.atEnd {
		at = len(all) - n - p.offset
	}
	return guarded{all: all, data: all[at : at+n : at+n]}
}

func (p *pages) free() {
	for _, b := range p.mapping {
		syscall.Munmap(b)
	}
}

// guard runs a kernel in one placement and reports what it did wrong.
func guard(p placement, seed uint64, run func(m *memory)) (err error) {
	mapped := &pages{placement: p}
	defer mapped.free()
	m := newMemory(seed)
	m.alloc, m.atEnd = mapped.alloc, p.atEnd
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("fault: %v", r)
		}
	}()
	run(m)
	return m.check()
}

// With GONN_GUARDS=all each row has all its rounds, else a third of them.
func TestKernelsStayInsideTheirSlices(t *testing.T) {
	runs, share := 0, 3
	if os.Getenv("GONN_GUARDS") == "all" {
		share = 1
	}
	for _, k := range kernelTable {
		eachBackend(t, k.name, func(t *testing.T) {
			for _, p := range placements() {
				for seed := range uint64((k.rounds + share - 1) / share) {
					if err := guard(p, seed, k.run); err != nil {
						t.Fatalf("%s, seed %d: %v", p.name, seed, err)
					}
					runs++
				}
			}
		})
	}
	t.Logf("promise K1: %d exported kernels stay inside their slices on %d backends: %d runs of random sizes at %d places between guard pages and canaries",
		len(kernelsOfTable()), len(backends), runs, len(placements()))
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
