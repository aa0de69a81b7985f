package data

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"
)

// deflated is a start and n MiB of zeros as deflate has them, a thousandth of it, and the
// checksum of all.
func deflated(start []byte, n int) (stream []byte, sum uint32) {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	zeros := make([]byte, 1<<20)
	w.Write(start)
	sum = crc32.ChecksumIEEE(start)
	at := [2]int{}
	for i := range 2 {
		w.Write(zeros)
		w.Flush()
		at[1-i] = at[1]
		at[1] = b.Len()
	}
	again := bytes.Clone(b.Bytes()[at[0]:])
	for range n - 2 {
		b.Write(again)
	}
	for range n {
		sum = crc32.Update(sum, crc32.IEEETable, zeros)
	}
	b.Write([]byte{3, 0}) // an empty last block
	return b.Bytes(), sum
}

// gzipOfZeros is a gzip'd file of a start and n MiB of zeros.
func gzipOfZeros(start []byte, n int) []byte {
	stream, sum := deflated(start, n)
	b := append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255}, stream...)
	b = binary.LittleEndian.AppendUint32(b, sum)
	return binary.LittleEndian.AppendUint32(b, uint32(len(start)+n<<20))
}

// npzOfZeros is an archive of some arrays, one of them a start and n MiB of zeros.
func npzOfZeros(t *testing.T, name string, start []byte, n int, others ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	stream, sum := deflated(start, n)
	f, err := w.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CRC32: sum,
		CompressedSize64: uint64(len(stream)), UncompressedSize64: uint64(len(start) + n<<20)})
	if err == nil {
		_, err = f.Write(stream)
	}
	for _, e := range others {
		if f, err = w.Create(e.name); err == nil {
			_, err = f.Write(e.body)
		}
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// repaired gives each chunk of a PNG, as far as they follow each other, its checksum.
func repaired(b []byte) []byte {
	for at := 8; bytes.HasPrefix(b, []byte("\x89PNG")) && at+12 <= len(b); {
		size := binary.BigEndian.Uint32(b[at:])
		if uint64(size) > uint64(len(b)-at-12) {
			break
		}
		n := int(size)
		binary.BigEndian.PutUint32(b[at+8+n:], crc32.ChecksumIEEE(b[at+4:at+8+n]))
		at += 12 + n
	}
	return b
}

// pngOfZeros is a picture of zeros, by its bits a sample and its colour type, that misses its
// last bytes.
func pngOfZeros(w, h uint32, depth, kind, interlaced byte, mebibytes int) []byte {
	chunk := func(kind string, body []byte) []byte {
		b := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), kind...)
		return append(append(b, body...), 0, 0, 0, 0)
	}
	stream, _ := deflated(nil, mebibytes)
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	b := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, depth, kind, 0, 0, interlaced))...)
	b = append(b, chunk("IDAT", append([]byte{0x78, 0x9c}, stream...))...)
	return repaired(append(b, chunk("IEND", nil)...))
}

// withEmptyChunks puts n chunks behind the header of a PNG file that nobody knows and that hold
// nothing.
func withEmptyChunks(b []byte, n int) []byte {
	const behindHeader = 8 + 25
	return slices.Insert(b, behindHeader, bytes.Repeat([]byte("\x00\x00\x00\x00teSt\x4d\xfb\x5a\xae"), n)...)
}

// jpegClaiming is a picture of some size whose pixels are bytes that mean little.
func jpegClaiming(w, h uint16, sof, components, sampling byte, body int) []byte {
	segment := func(marker byte, b []byte) []byte {
		return append([]byte{0xff, marker, byte((len(b) + 2) >> 8), byte(len(b) + 2)}, b...)
	}
	frame := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), components}
	scan := []byte{components}
	for i := range components {
		frame = append(frame, i+1, sampling, 0)
		scan = append(scan, i+1, 0)
		sampling = 0x11
	}
	b := append([]byte{0xff, 0xd8}, segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...))...)
	b = append(b, segment(sof, frame)...)
	b = append(b, segment(0xc4, append(append([]byte{0, 0, 1}, make([]byte, 14)...), 0))...)
	b = append(b, segment(0xda, append(scan, 0, 0, 0))...)
	return append(b, bytes.Repeat([]byte{0x5a}, body)...)
}

// directoryOf is an archive of nothing but a directory of n entries without names.
func directoryOf(n int) []byte {
	one := append([]byte("PK\x01\x02"), make([]byte, 42)...)
	b := bytes.Repeat(one, n)
	end := append([]byte("PK\x05\x06"), make([]byte, 18)...)
	binary.LittleEndian.PutUint16(end[8:], uint16(n))
	binary.LittleEndian.PutUint16(end[10:], uint16(n))
	binary.LittleEndian.PutUint32(end[12:], uint32(len(b)))
	return append(b, end...)
}
