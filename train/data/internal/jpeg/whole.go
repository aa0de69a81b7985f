package jpeg

import (
	"bufio"
	"io"
)

// Ends reads a file and reports whether the picture in it comes to its end. It keeps
// nothing and decodes nothing.
func Ends(r io.Reader) bool {
	b := bufio.NewReader(r)
	for {
		c, err := b.ReadByte()
		for err == nil && c != 0xff {
			c, err = b.ReadByte()
		}
		for err == nil && c == 0xff {
			c, err = b.ReadByte()
		}
		if err != nil {
			return false
		}
		switch alone := c <= 1 || c >= 0xd0 && c <= 0xd8; { // no marker, or one without a body
		case c == eoi:
			return true
		case alone:
			continue
		}
		hi, _ := b.ReadByte()
		lo, err := b.ReadByte()
		if n := int(hi)<<8 | int(lo) - 2; err != nil || n < 0 {
			return false
		} else if _, err := b.Discard(n); err != nil {
			return false
		}
	}
}

// Memory is about how many bytes a decoder takes for the picture with such a beginning: this
// package's, and image/jpeg. The first may be 0 though the second is not, if there is none
// that this package reads.
func Memory(head []byte) (here, imageJPEG int64) {
	d := &decoder{data: head}
	if d.segments(true) != nil {
		return 0, 0
	}
	samples := int64(0)
	for _, c := range d.components {
		samples += 64 * int64(c.stride*c.v*ceil(d.height, 8*d.vMax))
	}
	here, imageJPEG = 3*samples, samples // coefficients of 16 bits here
	if d.progressive {
		imageJPEG = 5 * samples // and of 32 bits there
	}
	return here, imageJPEG
}
