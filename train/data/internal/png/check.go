// Package png checks PNG files in little memory: image/png takes memory for all pixels that
// a header declares before it looks for them.
package png

import (
	"bufio"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// Signature begins every PNG file.
const Signature = "\x89PNG\r\n\x1a\n"

// Check reads a file to its end, keeping nothing. What it accepts has pixels for the whole
// picture, with known filters, and right checksums.
func Check(r io.Reader) error {
	c := &checker{r: bufio.NewReader(Bounded(r))}
	signature := make([]byte, len(Signature))
	if _, err := io.ReadFull(c.r, signature); err != nil || string(signature) != Signature {
		return errors.New("png: not a PNG file")
	}
	for {
		kind, err := c.begin()
		if err != nil {
			return err
		}
		switch {
		case kind == "IHDR" && c.header == nil:
			err = c.readHeader()
		case c.header == nil, kind == "IHDR", c.pixels && (kind == "PLTE" || kind == "tRNS"):
			err = fmt.Errorf("png: chunk %.4q is out of order", kind)
		case kind == "IDAT" && !c.pixels:
			c.pixels = true
			err = c.readPixels()
		}
		if err == nil {
			err = c.end()
		}
		if err != nil {
			return err
		}
		if kind == "IEND" {
			if !c.pixels {
				return errors.New("png: there are no pixels")
			}
			return nil
		}
	}
}

// checker reads chunk after chunk.
type checker struct {
	r      *bufio.Reader
	left   int64 // bytes of the chunk
	sum    hash.Hash32
	header *header
	pixels bool // they have been read
}

// begin reads the length and the kind of a chunk.
func (c *checker) begin() (kind string, err error) {
	var b [8]byte
	if _, err := io.ReadFull(c.r, b[:]); err != nil {
		return "", truncated(err)
	}
	n := binary.BigEndian.Uint32(b[:])
	if n > 1<<31-1 {
		return "", fmt.Errorf("png: a chunk of %d bytes", n)
	}
	c.left, c.sum = int64(n), crc32.NewIEEE()
	c.sum.Write(b[4:])
	return string(b[4:]), nil
}

// end passes over what is left of a chunk and compares its checksum.
func (c *checker) end() error {
	n, err := io.CopyN(c.sum, c.r, c.left)
	if c.left -= n; err != nil {
		return truncated(err)
	}
	var b [4]byte
	if _, err := io.ReadFull(c.r, b[:]); err != nil {
		return truncated(err)
	}
	if binary.BigEndian.Uint32(b[:]) != c.sum.Sum32() {
		return errors.New("png: a chunk has another checksum than it states")
	}
	return nil
}

// Read reads the compressed pixels, which may be in several chunks in a row.
func (c *checker) Read(p []byte) (int, error) {
	for c.left == 0 {
		if err := c.end(); err != nil {
			return 0, err
		}
		kind, err := c.begin()
		if err != nil {
			return 0, err
		}
		if kind != "IDAT" {
			return 0, errors.New("png: too few pixels")
		}
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.sum.Write(p[:n])
	c.left -= int64(n)
	return n, truncated(err)
}

// readPixels inflates all rows and looks at their filters.
func (c *checker) readPixels() error {
	z, err := zlib.NewReader(c)
	if err != nil {
		return damaged(err)
	}
	rows := bufio.NewReader(z)
	for _, p := range c.header.passes() {
		for range p.rows {
			filter, err := rows.ReadByte()
			if err != nil {
				return damaged(err)
			}
			if filter > 4 {
				return fmt.Errorf("png: filter %d is not known", filter)
			}
			if _, err := rows.Discard(p.bytes); err != nil {
				return damaged(err)
			}
		}
	}
	if _, err := rows.ReadByte(); err != io.EOF { // zlib compares its checksum here
		if err == nil {
			err = errors.New("too many")
		}
		return damaged(err)
	}
	if c.left > 0 {
		return damaged(errors.New("more follows their end"))
	}
	return nil
}

func truncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("png: truncated")
	}
	return err
}

func damaged(err error) error { return fmt.Errorf("png: damaged pixels: %w", err) }
