package png

import (
	"encoding/binary"
	"fmt"
	"io"
)

// MaxChunks is the largest number of chunks that a file may have besides those of pixels, as
// libpng has it: image/png takes four kilobytes for each, however small it is.
const MaxChunks = 1000

// Bounded gives the bytes of r, and an error in the place of those from chunk MaxChunks + 1 of
// a PNG file on, and of a tRNS chunk that makes more colours transparent than there are in the
// palette, which image/png adds to it. What begins with no Signature is passed on as it is.
func Bounded(r io.Reader) io.Reader { return &bounded{r: r, signed: true} }

type bounded struct {
	r      io.Reader
	signed bool // so far
	at     int  // bytes of the signature that were read
	head   [8]byte
	n      int   // bytes of head, the length and the kind of a chunk
	skip   int64 // bytes that follow until the next chunk
	chunks int   // that hold no pixels

	read    int64 // bytes of the file that were looked at
	indexed bool  // the pixels are indices into the palette
	palette int   // colours in it
	err     error // for good
}

// colourAt is the place of the colour type, within the first chunk.
const colourAt = 25

// colourIndexed is the colour type of pixels that are indices into the palette.
const colourIndexed = 3

func (b *bounded) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.r.Read(p)
	if at := colourAt - b.read; 0 <= at && at < int64(n) {
		b.indexed = p[at] == colourIndexed
	}
	b.read += int64(n)
	if left, bad := b.look(p[:n]); bad != nil {
		b.err = bad
		return max(0, n-left-len(b.head)), bad
	}
	return n, err
}

// look passes over bytes of the file, up to the head of a chunk that is not read, and gives how
// many bytes are left behind that.
func (b *bounded) look(p []byte) (left int, err error) {
	for ; b.signed && b.at < len(Signature) && len(p) > 0; p = p[1:] {
		b.signed = p[0] == Signature[b.at]
		b.at++
	}
	for b.signed && len(p) > 0 {
		if b.skip > 0 {
			n := min(b.skip, int64(len(p)))
			b.skip, p = b.skip-n, p[n:]
			continue
		}
		n := copy(b.head[b.n:], p)
		if b.n, p = b.n+n, p[n:]; b.n < len(b.head) {
			break
		}
		const checksum = 4
		size := int64(binary.BigEndian.Uint32(b.head[:]))
		b.n, b.skip = 0, size+checksum
		if err := b.chunk(string(b.head[4:]), size); err != nil {
			return len(p), err
		}
	}
	return 0, nil
}

// chunk is an error if a chunk of that kind and size is not read.
func (b *bounded) chunk(kind string, size int64) error {
	if kind != "IDAT" {
		b.chunks++
	}
	switch {
	case b.chunks > MaxChunks:
		return fmt.Errorf("png: more than %d chunks besides those of pixels, the most that are read", MaxChunks)
	case kind == "PLTE":
		b.palette = int(size / 3)
	case kind == "tRNS" && b.indexed && size > int64(b.palette):
		return fmt.Errorf("png: chunk tRNS is of %d colours, and the palette has %d", size, b.palette)
	}
	return nil
}
