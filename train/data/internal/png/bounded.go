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
// a PNG file on. What begins with no Signature is passed on as it is.
func Bounded(r io.Reader) io.Reader { return &bounded{r: r, signed: true} }

type bounded struct {
	r      io.Reader
	signed bool // so far
	at     int  // bytes of the signature that were read
	head   [8]byte
	n      int   // bytes of head, the length and the kind of a chunk
	skip   int64 // bytes that follow until the next chunk
	chunks int   // that hold no pixels
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if !b.look(p[:n]) {
		return 0, fmt.Errorf("png: more than %d chunks besides those of pixels, the most that are read", MaxChunks)
	}
	return n, err
}

// look passes over bytes of the file. It reports whether it has no more chunks than are read.
func (b *bounded) look(p []byte) bool {
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
		b.n, b.skip = 0, int64(binary.BigEndian.Uint32(b.head[:]))+checksum
		if string(b.head[4:]) != "IDAT" {
			if b.chunks++; b.chunks > MaxChunks {
				return false
			}
		}
	}
	return true
}
