//go:build ort && (darwin || freebsd || linux || netbsd)

package ort

import "github.com/ebitengine/purego"

// symbol loads a shared library and finds a function in it. The library stays loaded:
// ONNX Runtime leaves threads behind that would run in it.
func symbol(library, name string) (uintptr, error) {
	handle, err := purego.Dlopen(library, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return 0, err
	}
	return purego.Dlsym(handle, name)
}
