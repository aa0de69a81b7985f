package png

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// withChunks is a picture with n chunks, among them its own IHDR and IEND, and pixels in
// several of theirs.
func withChunks(t *testing.T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	const behindHeader = 8 + 25
	empty := "\x00\x00\x00\x00teSt\x4d\xfb\x5a\xae"
	return []byte(b.String()[:behindHeader] + strings.Repeat(empty, n-2) + b.String()[behindHeader:])
}

func TestChunksAreBounded(t *testing.T) {
	for name, read := range map[string]func(r io.Reader) error{
		"Bounded":      func(r io.Reader) error { _, err := io.Copy(io.Discard, Bounded(r)); return err },
		"byte by byte": func(r io.Reader) error { _, err := io.Copy(io.Discard, Bounded(iotest.OneByteReader(r))); return err },
		"image/png":    func(r io.Reader) error { _, err := png.Decode(Bounded(r)); return err },
		"Check":        Check,
	} {
		if err := read(bytes.NewReader(withChunks(t, MaxChunks))); err != nil {
			t.Errorf("%s of %d chunks: %v", name, MaxChunks, err)
		}
		if err := read(bytes.NewReader(withChunks(t, MaxChunks+1))); err == nil || !strings.Contains(err.Error(), "more than 1000 chunks") {
			t.Errorf("%s of %d chunks: %v", name, MaxChunks+1, err)
		}
	}
	other := append([]byte("GIF"), bytes.Repeat([]byte{0}, 1<<16)...)
	if b, err := io.ReadAll(Bounded(bytes.NewReader(other))); err != nil || !bytes.Equal(b, other) {
		t.Errorf("a file of another format has become %d bytes, %v", len(b), err)
	}
}

// image/png makes the palette longer for them.
func TestMoreTransparentColoursThanColoursAreRefused(t *testing.T) {
	whole := encode(t, image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.White}))
	at := bytes.Index(whole, []byte("IDAT")) - 4
	with := func(n int) []byte { return slices.Concat(whole[:at], chunk("tRNS", make([]byte, n)), whole[at:]) }
	for n, want := range map[int]string{2: "", 3: "chunk tRNS is of 3 colours, and the palette has 2"} {
		for name, r := range map[string]io.Reader{"at once": bytes.NewReader(with(n)), "byte by byte": iotest.OneByteReader(bytes.NewReader(with(n)))} {
			_, err := png.Decode(Bounded(r))
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%d colours, %s: %v, want %q", n, name, err, want)
			}
		}
	}
}
