package main

import "io"

// checkedWriter keeps the first error of writing to stdout, after which it writes nothing.
// Not everyone who writes looks at it: the library that prints help pages does not.
type checkedWriter struct {
	w   io.Writer
	err error
}

func (c *checkedWriter) Write(b []byte) (n int, err error) {
	if c.err == nil {
		n, c.err = c.w.Write(b)
	}
	return n, c.err
}

// Unwrap lets terminal.Size see where the output goes.
func (c *checkedWriter) Unwrap() io.Writer { return c.w }
