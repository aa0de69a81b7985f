package data

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

type entry struct {
	name string
	body []byte
}

func npzOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		f, err := w.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(e.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readNPZ(t *testing.T, b []byte) (map[string]*Array, error) {
	t.Helper()
	return ReadNPZ(filepath.Join(writeFiles(t, map[string][]byte{"a.npz": b}), "a.npz"))
}

// declare changes the uncompressed size in the first entry of the directory.
func declare(t *testing.T, b []byte, size uint32) []byte {
	t.Helper()
	at := bytes.Index(b, []byte("PK\x01\x02"))
	if at < 0 {
		t.Fatal("no directory")
	}
	b = slices.Clone(b)
	binary.LittleEndian.PutUint32(b[at+24:], size)
	return b
}

// patched has other bytes at a place.
func patched(b []byte, at int, bytes ...byte) []byte {
	b = slices.Clone(b)
	copy(b[at:], bytes)
	return b
}

// stored is an archive of an entry as Python writes it: not compressed, and with its checksum and
// sizes in front.
func stored(t *testing.T, name string, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	h := &zip.FileHeader{Name: name, CRC32: crc32.ChecksumIEEE(body), CompressedSize64: uint64(len(body)), UncompressedSize64: uint64(len(body))}
	f, err := w.CreateRaw(h)
	if err == nil {
		_, err = f.Write(body)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sharing is an archive of two entries in which the second has another entry's data inside of
// its own, as archives have that inflate to more than their compression allows.
func sharing(t *testing.T, body []byte) []byte {
	t.Helper()
	inner := stored(t, "b.npy", body)
	at := bytes.Index(inner, []byte("PK\x01\x02"))
	whole := stored(t, "a.npy", inner[:at])
	directory := bytes.LastIndex(whole, []byte("PK\x01\x02"))
	end := bytes.LastIndex(whole, []byte("PK\x05\x06"))
	entry := inner[at:bytes.LastIndex(inner, []byte("PK\x05\x06"))]
	binary.LittleEndian.PutUint32(entry[42:], 30+5) // where the inner entry begins
	b := slices.Concat(whole[:end], entry, whole[end:])
	end += len(entry)
	binary.LittleEndian.PutUint16(b[end+8:], 2)
	binary.LittleEndian.PutUint16(b[end+10:], 2)
	binary.LittleEndian.PutUint32(b[end+12:], uint32(end-directory))
	return b
}

func TestNPZRefusesBrokenArchives(t *testing.T) {
	one := npyOf("<f4", "False", "(1,)", []byte{0, 0, 128, 63})
	largest := npyOf("<f4", "False", "(16777000,)", nil)
	good := npzOf(t, entry{"x.npy", one})
	damaged := slices.Clone(good)
	damaged[40]++
	central := bytes.Index(good, []byte("PK\x01\x02"))
	plain := stored(t, "x.npy", one)
	for _, tt := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "not a readable .npz archive"},
		{"cut", good[:len(good)-10], "not a readable .npz archive"},
		{"a .npy file", one, "not a readable .npz archive"},
		{"damaged data", damaged, `array "x": damaged or truncated`},
		{"another kind of entry", npzOf(t, entry{"readme.txt", one}), `entry "readme.txt" is not a .npy array`},
		{"a name twice", npzOf(t, entry{"x.npy", one}, entry{"x.npy", one}), `two arrays are named "x"`},
		{"a long name", npzOf(t, entry{strings.Repeat("x", MaxName) + ".npy", one}), "name of 4100 bytes"},
		{"a broken array", npzOf(t, entry{"y.npy", one}, entry{"x.npy", one[:131]}), `array "x": got 3 bytes of elements, need 4`},
		{"declares less than it holds", declare(t, good, uint32(len(one)-1)), `array "x": damaged or truncated`},
		{"declares more than it holds", declare(t, good, 1<<26), `array "x": damaged or truncated`},
		{"declares more than is inflated", declare(t, good, 1<<27), `the arrays up to "x" take 134217728 bytes; the most that is inflated`},
		{"declares more than the limit", declare(t, good, 1<<30+1), "hold more than the 1073741824 bytes"},
		{"declares the largest array and holds none of it", declare(t, npzOf(t, entry{"x.npy", largest}), uint32(len(largest))+4*16777000),
			`array "x": damaged or truncated`},
		{"declares a checksum of 0", patched(patched(plain, 14, 0, 0, 0, 0), bytes.Index(plain, []byte("PK\x01\x02"))+16, 0, 0, 0, 0),
			`array "x": damaged or truncated: zip: checksum error`},
		{"another name in front of the data", patched(good, 30, 'y'), `entry "x.npy": damaged: the archive's directory and the entry itself give it another name`},
		{"a longer name in front of the data", patched(good, 26, 6), "give it another name"},
		{"another compression in front of the data", patched(good, 8, 0), "give it another compression"},
		{"another size in front of the data", patched(plain, 22, 1), "give it another size"},
		{"another compressed size in front of the data", patched(plain, 18, 1), "give it another size"},
		{"another checksum in front of the data", patched(plain, 14, plain[14]+1), "give it another checksum"},
		{"encrypted", patched(good, central+8, 9), "it is encrypted"},
		{"encrypted by the header in front of the data", patched(good, 6, 9), "it is encrypted"},
		{"entries that share their data", sharing(t, one), `share bytes of the file`},
		{"entries that share more than the file has", sharing(t, slices.Concat(one[:len(one)-1], make([]byte, 4096))), `share bytes of the file, which has`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			arrays, err := readNPZ(t, tt.file)
			runtime.ReadMemStats(&after)
			if arrays != nil {
				t.Error("arrays beside an error")
			}
			wantError(t, err, "a.npz: ", tt.want)
			if taken := after.TotalAlloc - before.TotalAlloc; taken > 8<<20 {
				t.Errorf("%d bytes were allocated to refuse %d", taken, len(tt.file))
			}
		})
	}
}

func TestNPZNeverPanics(t *testing.T) {
	good := npzOf(t, entry{"x.npy", npyOf("<f4", "False", "(1,)", []byte{0, 0, 128, 63})})
	path := filepath.Join(t.TempDir(), "a.npz")
	for i := range good {
		for _, changed := range [][]byte{good[:i], slices.Concat(good[:i], []byte{good[i] ^ 0xff}, good[i+1:])} {
			if err := os.WriteFile(path, changed, 0o644); err != nil {
				t.Fatal(err)
			}
			if arrays, err := ReadNPZ(path); (arrays == nil) == (err == nil) {
				t.Errorf("byte %d: arrays %v, error %v", i, arrays, err)
			}
		}
	}
}
