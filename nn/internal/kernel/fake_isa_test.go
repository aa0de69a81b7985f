package kernel

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// fakeISAs have kernels in Go: each does what the table of kernels says of one in assembly,
// with the same arguments. They join the backends, so every test that runs on each backend
// tests how work is cut into calls of kernels, on every architecture. The kernels panic if
// the arguments are not what one in assembly may expect.
var fakeISAs = []*isa{
	fakeISA("fake4", 4, 6, 6, 4), // as NEON
	fakeISA("fake16", 16, 6, 12, 1),
	// Few tiles; the rest is left to the Go loops.
	{name: "fake8", width: 8, tiles: fakeTiles(8, 2, 3, 0, 0)},
}

func init() {
	for _, s := range fakeISAs {
		backends = append(backends, s.ops())
	}
}

func fakeISA(name string, width, conv4, channels, pixels int) *isa {
	return &isa{
		name:     name,
		width:    width,
		tiles:    fakeTiles(width, 8, conv4, channels, pixels),
		acts:     fakeActs(),
		formulas: fakeFormulas(), normFormulas: fakeNormFormulas(),
		norms: fakeNorms(),
		pools: fakePools(),

		softmax:   &softmaxKernels{fakeTop, fakeExp, fakeScale},
		updates:   fakeUpdates(width),
		probes:    fakeProbes(width, conv4),
		packed:    fakePacked(width, 4*conv4),
		winograd:  fakeWinograd(width, conv4),
		fromBytes: fakeFromBytes,
		transpose: fakeTranspose, interleave: fakeInterleave,
		copyRows: fakeCopyRows,
	}
}

// realBackends are those that benchmarks measure.
func realBackends() []string {
	return slices.DeleteFunc(Backends(), func(name string) bool { return strings.HasPrefix(name, "fake") })
}

// floatsAt are n floats, a number of bytes behind p.
func floatsAt(p unsafe.Pointer, bytes uintptr, n int) []float32 {
	return unsafe.Slice((*float32)(unsafe.Add(p, int(bytes))), n)
}

// expect panics unless the arguments of a call are as a kernel may expect.
func expect(ok bool, args any) {
	if !ok {
		panic(fmt.Sprintf("arguments that no kernel takes: %+v", args))
	}
}

// expectCount wants at least one element, and no more than one call may take.
func expectCount(n uintptr, limit int, args any) { expect(n >= 1 && int(n) <= limit, args) }

// A part of a table has all its kernels.
func TestTablesOfKernelsAreComplete(t *testing.T) {
	for _, s := range append(detectISAs(), fakeISAs...) {
		for _, part := range []any{&s.tiles, s.acts, s.norms, s.pools, s.softmax, s.updates, s.probes, s.packed, s.winograd} {
			for _, missing := range missingKernels(part) {
				t.Errorf("%s: %T has no %s", s.name, part, missing)
			}
		}
		equal := !slices.ContainsFunc(s.tiles.tall, func(tiles []func(*convArgs)) bool { return len(tiles) != len(s.tiles.tall[0]) })
		if Lanes%s.width != 0 || !equal || min(len(s.tiles.conv4), len(s.tiles.grad1), len(s.tiles.grad4)) == 0 {
			t.Errorf("%s: vectors of %d floats do not fill the lanes, or tiles are missing", s.name, s.width)
		}
		if k := s.packed; k != nil && (len(k.conv1) == 0 || min(len(k.depthwise), len(k.max), len(k.sum)) == 0) {
			t.Errorf("%s: tiles of packed maps are missing", s.name)
		}
		if s.winograd != nil && len(s.winograd.products) == 0 {
			t.Errorf("%s: tiles of products are missing", s.name)
		}
	}
	if got := missingKernels(&softmaxKernels{top: fakeTop, exp: fakeExp}); !slices.Equal(got, []string{"scale"}) {
		t.Errorf("a table without scale has no %s", got)
	}
	some := &packedKernels{conv1: [][]func(*packedArgs){{nil}}, depthwise: []func(*windowArgs){nil}}
	if got := missingKernels(some); !slices.Equal(got, []string{"conv1[0][0]", "depthwise[0]"}) {
		t.Errorf("a table of lists without kernels has no %s", got)
	}
}

// missingKernels names the functions that a part does not have, unless it is nil.
func missingKernels(part any) (names []string) {
	v := reflect.ValueOf(part)
	if v.IsNil() {
		return nil
	}
	v = v.Elem()
	for i := range v.NumField() {
		names = append(names, missingIn(v.Type().Field(i).Name, v.Field(i))...)
	}
	return names
}

// missingIn is for a function, or a list of functions or lists.
func missingIn(name string, v reflect.Value) (names []string) {
	switch v.Kind() {
	case reflect.Func:
		if v.IsNil() {
			return []string{name}
		}
	case reflect.Slice, reflect.Array:
		for j := range v.Len() {
			names = append(names, missingIn(fmt.Sprintf("%s[%d]", name, j), v.Index(j))...)
		}
	}
	return names
}
