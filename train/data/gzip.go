package data

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
)

const gzipMagic = "\x1f\x8b"

// errTrailing is that of a file in which something else follows its gzip stream, which package gzip
// takes for a header that is damaged or cut off.
var errTrailing = errors.New("more bytes follow the end of its gzip stream: compress the file again")

// gunzip reads a gzip stream of one member after the other.
type gunzip struct {
	*gzip.Reader
	from *bufio.Reader
}

func newGunzip(r *bufio.Reader) (*gunzip, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &gunzip{z, r}, nil
}

func (g *gunzip) Read(p []byte) (int, error) {
	for {
		n, err := g.Reader.Read(p)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		if n > 0 {
			return n, nil
		}
		switch next, err := g.from.Peek(len(gzipMagic)); {
		case len(next) == 0:
			return 0, err
		case string(next) != gzipMagic:
			return 0, errTrailing
		}
		if err := g.Reset(g.from); err != nil {
			return 0, err
		}
		g.Multistream(false)
	}
}
