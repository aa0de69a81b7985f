package png

import (
	"encoding/binary"
	"fmt"
	"io"
)

// header is what the chunk IHDR says.
type header struct {
	width, height int
	bits          int // of a pixel
	interlaced    bool
}

// channels of the colour types: grey, RGB, palette, grey with alpha, RGB with alpha.
var channels = map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

func (c *checker) readHeader() error {
	var b [13]byte
	if c.left != int64(len(b)) {
		return fmt.Errorf("png: a header of %d bytes", c.left)
	}
	if _, err := io.ReadFull(c.r, b[:]); err != nil {
		return truncated(err)
	}
	c.sum.Write(b[:])
	c.left = 0
	h := &header{width: int(binary.BigEndian.Uint32(b[:]) & (1<<31 - 1)), height: int(binary.BigEndian.Uint32(b[4:]) & (1<<31 - 1))}
	n := channels[b[9]]
	if n == 0 || b[8] < 1 || b[8] > 16 || b[10] != 0 || b[11] != 0 || b[12] > 1 {
		return fmt.Errorf("png: %d bits a sample of colour type %d, by the methods %v", b[8], b[9], b[10:])
	}
	h.bits, h.interlaced = n*int(b[8]), b[12] == 1
	c.header = h
	return nil
}

// pass is a part of the picture: all of it, or pixels at regular distances.
type pass struct {
	rows  int
	bytes int // of a row, behind its filter
}

// adam7 are the passes of an interlaced picture: the first pixel and the distances.
var adam7 = [7]struct{ x, y, dx, dy int }{
	{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
}

func (h *header) passes() []pass {
	if !h.interlaced {
		return []pass{{h.height, (h.width*h.bits + 7) / 8}}
	}
	var passes []pass
	for _, a := range adam7 {
		columns, rows := (h.width-a.x+a.dx-1)/a.dx, (h.height-a.y+a.dy-1)/a.dy
		if columns > 0 && rows > 0 {
			passes = append(passes, pass{rows, (columns*h.bits + 7) / 8})
		}
	}
	return passes
}
