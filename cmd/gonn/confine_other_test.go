//go:build !linux

package main

import "errors"

// confine is for Linux.
func (j job) confine() error {
	if j.FileSize != 0 || j.AddressSpace != 0 {
		return errors.ErrUnsupported
	}
	return nil
}
