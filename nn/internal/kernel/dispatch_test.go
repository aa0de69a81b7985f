package kernel

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"
)

// A backend runs the kernels of its table: what it has a kernel for is not the Go loop.
func TestBackendsUseTheirKernels(t *testing.T) {
	for _, s := range append(detectISAs(), fakeISAs[:2]...) { // of these two every part is there
		for _, name := range goLoopsIn(reflect.ValueOf(*s.ops()), reflect.ValueOf(goOps), "") {
			if !slices.Contains(leftToGo, name) {
				t.Errorf("%s: %s is the Go loop", s.name, name)
			}
		}
	}
	if n := functions(&goOps); n < 40 {
		t.Errorf("%d functions of the Go loops are found", n)
	}
	name, err := Backend()
	if err != nil {
		t.Error(err)
	}
	t.Logf("promise K3: the kernels in use are %s (GONN_REQUIRE=%q), %d of %d functions are not the Go loops; tests run on %q",
		name, os.Getenv("GONN_REQUIRE"), functions(active)-len(goLoopsIn(reflect.ValueOf(*active), reflect.ValueOf(goOps), "")), functions(active), Backends())
}

// leftToGo are the loops for which there are no vector kernels: relu of a normalised input is also
// NormRelu, which has some.
var leftToGo = []string{".normFormulas[0].forward", ".normFormulas[0].backward"}

// goLoopsIn names the functions of a backend that are those of the Go loops.
func goLoopsIn(of, loops reflect.Value, name string) (same []string) {
	switch of.Kind() {
	case reflect.Func:
		if !of.IsNil() && of.Pointer() == loops.Pointer() {
			same = append(same, name)
		}
	case reflect.Struct:
		for i := range of.NumField() {
			same = append(same, goLoopsIn(of.Field(i), loops.Field(i), name+"."+of.Type().Field(i).Name)...)
		}
	case reflect.Slice:
		for i := range of.Len() {
			same = append(same, goLoopsIn(of.Index(i), loops.Index(i), fmt.Sprintf("%s[%d]", name, i))...)
		}
	case reflect.Pointer:
		if of.Pointer() == loops.Pointer() {
			same = append(same, name)
		}
	}
	return same
}

// functions is the number of functions of a backend.
func functions(o *ops) int {
	return len(goLoopsIn(reflect.ValueOf(*o), reflect.ValueOf(*o), ""))
}
