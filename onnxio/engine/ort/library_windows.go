//go:build ort

package ort

import "syscall"

// symbol loads a shared library and finds a function in it.
func symbol(library, name string) (uintptr, error) {
	handle, err := syscall.LoadLibrary(library)
	if err != nil {
		return 0, err
	}
	return syscall.GetProcAddress(handle, name)
}
