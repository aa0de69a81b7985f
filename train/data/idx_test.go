package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"testing/fstest"
)

// idxFileOf is an IDX file with the given axes and elements, whether they fit
// or not.
func idxFileOf(elements []byte, dims ...uint32) []byte {
	b := []byte{0, 0, idxBytes, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, elements...)
}

func zipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

// zippedZeros is a gzip'd file of a start and n zeros.
func zippedZeros(start []byte, n int64) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	w.Write(start)
	chunk := make([]byte, 1<<20)
	for ; n > 0; n -= int64(len(chunk)) {
		w.Write(chunk[:min(n, int64(len(chunk)))])
	}
	w.Close()
	return out.Bytes()
}

func readBytes(b []byte, ranks ...int) ([]int, []byte, error) {
	h, err := headIDX(fstest.MapFS{"x": {Data: b}}, "x", "dir/x", ranks...)
	if err != nil {
		return nil, nil, err
	}
	if err := h.checkSize(); err != nil {
		return nil, nil, err
	}
	if h.need > keepBudget(h.size) {
		if err := h.copyTo(io.Discard); err != nil {
			return nil, nil, err
		}
	}
	elements, err := h.elements()
	if err != nil {
		return nil, nil, err
	}
	return h.dims, elements, nil
}

func TestIDXReadsPlainAndGzip(t *testing.T) {
	want := []byte{1, 2, 3, 4, 5, 6}
	for name, b := range map[string][]byte{"plain": idxFileOf(want, 1, 2, 3), "gzip": zipped(idxFileOf(want, 1, 2, 3))} {
		dims, got, err := readBytes(b, 3, 4)
		if err != nil || !bytes.Equal(got, want) || !slices.Equal(dims, []int{1, 2, 3}) {
			t.Errorf("%s: %v %v %v", name, dims, got, err)
		}
	}
}

func TestIDXRefusesBrokenFiles(t *testing.T) {
	six := []byte{1, 2, 3, 4, 5, 6}
	good := idxFileOf(six, 1, 2, 3)
	badSum := zipped(good)
	badSum[len(badSum)-8] ^= 1
	for _, tt := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "truncated: got 0 bytes of its 4-byte IDX magic"},
		{"half a magic", good[:3], "got 3 bytes"},
		{"another format", []byte("\x89PNG\r\n\x1a\n"), "starts with 89 50 4e 47"},
		{"float elements", append([]byte{0, 0, 0x0d, 3}, good[4:]...), "need an IDX file of unsigned bytes"},
		{"labels for images", idxFileOf(six, 6), "an array of 1 axes; need one of [3 4]"},
		{"255 axes", []byte{0, 0, 8, 255}, "an array of 255 axes"},
		{"half a header", good[:10], "got 1 of the 3 axes"},
		{"an empty axis", idxFileOf(nil, 1, 0, 3), "axis 1 has length 0"},
		{"a huge axis", idxFileOf(six, 1<<31, 2, 3), "axis 0 has length 2147483648"},
		{"a product beyond 64 bits", idxFileOf(six, 1<<30, 1<<30, 1<<30), "more than the 1073741824 bytes"},
		{"a product just over", idxFileOf(six, 1<<15, 1<<15, 2), "more than the 1073741824 bytes"},
		{"elements missing", good[:len(good)-1], "truncated: got 5 bytes of elements, need 6 for shape (1, 2, 3)"},
		{"elements missing from the largest", idxFileOf(six, 1<<15, 1<<15, 1), "got 6 bytes of elements, need 1073741824"},
		{"a byte too many", append(slices.Clone(good), 0), "more than the 6 bytes that its header declares"},
		{"zipped: nothing", zipped(nil), "truncated"},
		{"zipped: elements missing", zipped(good[:len(good)-1]), "truncated: got 5 bytes of elements, need 6"},
		{"zipped: as much as is inflated", zipped(idxFileOf(six, 1<<16, 1<<10, 1)), "got 6 bytes of elements, need 67108864"},
		{"zipped: more than is inflated", zipped(idxFileOf(six, 1<<15, 1<<15, 1)), "takes 1073741824 bytes; the most that is inflated of a file of"},
		{"zipped: a byte too many", zipped(append(slices.Clone(good), 0)), "more than the 6 bytes"},
		{"zipped: cut", zipped(good)[:20], "truncated"},
		{"zipped: only the magic", []byte{0x1f, 0x8b}, "damaged gzip header"},
		{"zipped: a byte behind", append(zipped(good), 0x1f), "more bytes follow the end of its gzip stream"},
		{"zipped: a text behind", append(zipped(good), "a text of some length"...), "more bytes follow the end of its gzip stream"},
		{"zipped: half a member behind", append(zipped(good), zipped(nil)[:5]...), "truncated: the end of the gzip stream is missing"},
		{"zipped: end cut", zipped(good)[:len(zipped(good))-3], "truncated: the end of the gzip stream is missing"},
		{"zipped: wrong checksum", badSum, "damaged gzip"},
		{"zipped: junk after the end", append(zipped(good), "junkjunkjunk"...), "more bytes follow the end of its gzip stream"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dims, got, err := readBytes(tt.file, 3, 4)
			if dims != nil || got != nil {
				t.Error("a value beside an error")
			}
			wantError(t, err, "dir/x: ", tt.want)
		})
	}
}

func TestIDXNeverPanics(t *testing.T) {
	for _, good := range [][]byte{idxFileOf(make([]byte, 60), 5, 3, 4), zipped(idxFileOf(make([]byte, 60), 5, 3, 4))} {
		for i := range good {
			if _, _, err := readBytes(good[:i], 3); err == nil {
				t.Errorf("a prefix of %d of %d bytes is accepted", i, len(good))
			}
			for bit := range 8 {
				flipped := slices.Clone(good)
				flipped[i] ^= 1 << bit
				if dims, got, err := readBytes(flipped, 3); err != nil && (dims != nil || got != nil) {
					t.Errorf("byte %d, bit %d: a value beside an error", i, bit)
				}
			}
		}
	}
}

// endless counts what is read of it.
type endless struct {
	io.Reader
	n int64
}

func (e *endless) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	e.n += int64(n)
	return n, err
}

// A bomb of 10 MiB in 10 KB is refused for the first byte beyond its header,
// however much would follow: what it inflates to after that does not matter.
func TestIDXInflatesNoMoreThanDeclared(t *testing.T) {
	bomb := zippedZeros(idxFileOf(nil, 2, 28, 28), 10<<20)
	if len(bomb) > 12<<10 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	z, err := gzip.NewReader(bytes.NewReader(bomb))
	if err != nil {
		t.Fatal(err)
	}
	counted := &endless{Reader: z}
	f := &idxFile{Reader: counted, label: "bomb", size: int64(len(bomb)), zipped: true}
	dims, need, err := f.header([]int{3})
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, f.payload(io.Discard, dims, need), "more than the 1568 bytes")
	if counted.n > 16+1568+1 {
		t.Errorf("%d bytes were inflated, want at most %d", counted.n, 16+1568+1)
	}
	t.Logf("promise S9: of a file of %d bytes that inflates to 10 MiB and declares %d, %d were inflated", len(bomb), 16+1568, counted.n)
}

// A file that declares 64 MiB, inflates to all but its last byte and has
// 64 KB itself is refused without taking memory for the 64 MiB.
func TestIDXTakesNoMemoryForATruncatedBomb(t *testing.T) {
	bomb := zippedZeros(idxFileOf(nil, 1<<13, 1<<13, 1), 1<<26-1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := readBytes(bomb, 3)
	runtime.ReadMemStats(&after)
	wantError(t, err, "got 67108863 bytes of elements, need 67108864")
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 3*uint64(len(bomb))+8<<20 {
		t.Errorf("%d bytes were allocated to refuse a file of %d", taken, len(bomb))
	}
}

func TestIDXReadsAnHonestFileThatInflatesFar(t *testing.T) {
	const n = 40 << 20 // beyond keepBudget, so it is walked before it is kept
	dims, got, err := readBytes(zippedZeros(idxFileOf(nil, 40, 1<<10, 1<<10), n), 3)
	if err != nil || len(got) != n || !slices.Equal(dims, []int{40, 1 << 10, 1 << 10}) {
		t.Errorf("%v, %d bytes, %v", dims, len(got), err)
	}
}

func writeFiles(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestIDXNamesAMissingFileOnce(t *testing.T) {
	_, err := headIDX(fstest.MapFS{}, "x", "dir/x", 3)
	if err == nil || err.Error() != "dir/x: file does not exist" {
		t.Errorf("error %v", err)
	}
}
