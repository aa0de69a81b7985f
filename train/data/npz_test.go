package data

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
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

func TestNPZRefusesBrokenArchives(t *testing.T) {
	one := npyOf("<f4", "False", "(1,)", []byte{0, 0, 128, 63})
	largest := npyOf("<f4", "False", "(16777000,)", nil)
	good := npzOf(t, entry{"x.npy", one})
	damaged := slices.Clone(good)
	damaged[40]++
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
