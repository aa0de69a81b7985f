package png

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func encode(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func chunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// file is a picture of one byte a pixel whose pixels are raw, and with what follows IHDR.
func file(w, h uint32, interlaced byte, raw []byte, chunks ...[]byte) []byte {
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	zw.Write(raw)
	zw.Close()
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	b := append([]byte(Signature), chunk("IHDR", append(head, 8, 0, 0, 0, interlaced))...)
	if len(chunks) == 0 {
		chunks = [][]byte{chunk("IDAT", z.Bytes()), chunk("IEND", nil)}
	}
	for _, c := range chunks {
		if c == nil { // the pixels
			c = chunk("IDAT", z.Bytes())
		}
		b = append(b, c...)
	}
	return b
}

// rawAdam7 are rows of zeros for an interlaced picture of one byte a pixel.
func rawAdam7(w, h int) []byte {
	var b []byte
	for _, p := range (&header{width: w, height: h, bits: 8, interlaced: true}).passes() {
		b = append(b, make([]byte, p.rows*(1+p.bytes))...)
	}
	return b
}

func TestCheckAgreesWithImagePNG(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	noise := image.NewNRGBA64(image.Rect(0, 0, 13, 7))
	for i := range noise.Pix {
		noise.Pix[i] = byte(rng.Uint32())
	}
	palette := image.NewPaletted(image.Rect(0, 0, 9, 5), color.Palette{color.Black, color.White, color.Transparent})
	files := map[string][]byte{
		"RGBA of 16 bits": encode(t, noise), "palette": encode(t, palette), "grey": encode(t, image.NewGray(image.Rect(0, 0, 3, 4))),
		"pixels in pieces": file(2, 2, 0, nil, nil), "interlaced": file(9, 10, 1, rawAdam7(9, 10)), "interlaced of one pixel": file(1, 1, 1, rawAdam7(1, 1)),
		"other chunks": file(1, 1, 0, make([]byte, 2), chunk("tEXt", []byte("a\x00b")), nil, chunk("tEXt", nil), chunk("IDAT", nil), chunk("IEND", nil)),
		"no pixels":    file(1, 1, 0, nil, chunk("IEND", nil)), "palette behind": file(1, 1, 0, make([]byte, 2), nil, chunk("PLTE", make([]byte, 3)), chunk("IEND", nil)),
		"a row too few": file(2, 2, 0, make([]byte, 3)), "a byte too many": file(2, 2, 0, make([]byte, 7)), "an unknown filter": file(1, 1, 0, []byte{5, 0}),
	}
	accepted := 0
	for name, whole := range files {
		check := func(what string, b []byte) {
			_, want := png.Decode(bytes.NewReader(b))
			got := Check(bytes.NewReader(b))
			if (got == nil) != (want == nil) {
				t.Errorf("%s, %s: Check says %v, image/png %v", name, what, got, want)
			}
			if got == nil {
				accepted++
			}
		}
		check("whole", whole)
		for i := range whole {
			check(fmt.Sprintf("cut to %d", i), whole[:i])
			for bit := range 8 {
				b := slices.Clone(whole)
				b[i] ^= 1 << bit
				if b[12] == 'I' && len(b) > 29 { // let the header be damaged and its checksum right
					binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
				}
				if !absurd(b) {
					check(fmt.Sprintf("byte %d, bit %d", i, bit), b)
				}
			}
		}
	}
	if accepted < len(files)/2 {
		t.Errorf("only %d pictures were accepted", accepted)
	}
}

// absurd reports whether image/png would take long for a picture's claimed size.
func absurd(b []byte) bool {
	return len(b) > 24 && uint64(binary.BigEndian.Uint32(b[16:]))*uint64(binary.BigEndian.Uint32(b[20:])) > 1<<20
}

func TestCheckTakesLittleMemory(t *testing.T) {
	b := file(4096, 4096, 0, make([]byte, 4097*4096))
	cut := b[:len(b)-100]
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	whole, truncated := Check(bytes.NewReader(b)), Check(bytes.NewReader(cut))
	runtime.ReadMemStats(&after)
	if whole != nil || truncated == nil || !strings.Contains(truncated.Error(), "truncated") {
		t.Errorf("whole: %v, cut: %v", whole, truncated)
	}
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20 {
		t.Errorf("%d bytes were allocated", taken)
	}
}
