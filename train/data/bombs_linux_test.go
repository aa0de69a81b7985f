package data

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
)

// Each is read in a child of its own.
func TestBombsOfDataAreRefused(t *testing.T) {
	large := hostiletest.Number(40, 1000) // MiB that a file of a thousandth of it inflates to
	root := t.TempDir()
	var paths []string
	add := func(name string, b []byte) {
		path := filepath.Join(root, name)
		err := os.MkdirAll(filepath.Dir(path), 0o777)
		if err == nil {
			err = os.WriteFile(path, b, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Dir(path) == root {
			paths = append(paths, path)
		}
	}
	idx := func(name string, images, labels []byte) {
		one := idxFileOf([]byte{0}, 1)
		add(name+".idx/train-images-idx3-ubyte.gz", images)
		add(name+".idx/train-labels-idx1-ubyte", labels)
		add(name+".idx/t10k-images-idx3-ubyte", idxFileOf(make([]byte, 1024), 1, 32, 32))
		add(name+".idx/t10k-labels-idx1-ubyte", one)
		paths = append(paths, filepath.Join(root, name+".idx"))
	}
	idx("five labels", gzipOfZeros(idxFileOf(nil, uint32(large)<<10, 32, 32), large), idxFileOf(make([]byte, 5), 5))
	beyond := max(large, 100) // MiB, more than so small a file may inflate to, though all of it is sound
	idx("all labels", gzipOfZeros(idxFileOf(nil, uint32(beyond)<<10, 32, 32), beyond), idxFileOf(make([]byte, beyond<<10), uint32(beyond)<<10))
	idx("lying", gzipOfZeros(idxFileOf(nil, 1, 32, 32), 10*large), idxFileOf([]byte{0}, 1))
	near := gzipOfZeros(idxFileOf(nil, 60<<10, 32, 32), 60)
	idx("cut", near[:len(near)-9], idxFileOf(make([]byte, 60<<10), 60<<10))
	add("labels.idx/classes.txt", bytes.Repeat([]byte{'\n'}, maxNames))
	idx("labels", near, idxFileOf(make([]byte, 60<<10), 60<<10))

	few := npyOf("|u1", "False", "(5,)", make([]byte, 5))
	head := func(n int) []byte { return npyOf("|u1", "False", fmt.Sprintf("(%d, 32, 32)", n), nil) }
	test := keras(nil, nil, npyOf("|u1", "False", "(1, 32, 32)", make([]byte, 1024)), npyOf("|u1", "False", "(1,)", []byte{0}))[2:]
	add("five labels.set", npzOfZeros(t, "x_train.npy", head(large<<10), large, append(test, entry{"y_train.npy", few})...))
	many := npyOf("|u1", "False", fmt.Sprintf("(%d,)", beyond<<10), make([]byte, beyond<<10))
	add("all labels.set", npzOfZeros(t, "x_train.npy", head(beyond<<10), beyond, append(test, entry{"y_train.npy", many})...))
	last := make([]byte, 8*60<<10)
	last[len(last)-1] = 0x80 // of the last label
	negative := npyOf("<i8", "False", fmt.Sprintf("(%d,)", 60<<10), last)
	add("a label.set", npzOfZeros(t, "x_train.npy", head(60<<10), 60, append(test, entry{"y_train.npy", negative})...))
	add("labels of bytes.set", npzOfZeros(t, "y_train.npy", npyOf("|i1", "False", fmt.Sprintf("(%d,)", 60<<20), nil), 60,
		append(test, entry{"x_train.npy", npyOf("|u1", "False", "(5, 32, 32)", make([]byte, 5<<10))})...))
	add("directory.npz", directoryOf(large*1000))
	add("first.npz", npzOfZeros(t, "a.npy", npyOf("|u1", "False", fmt.Sprintf("(%d,)", 60<<20), nil), 60, entry{"b.npy", few[:len(few)-1]}))

	add("16 bits.png", pngOfZeros(16384, 4096, 16, 6, 0, 8*64))
	add("colour.png", pngOfZeros(4096, 4090, 8, 6, 0, 63))
	add("interlaced.png", pngOfZeros(4096, 4090, 8, 6, 1, 63))
	add("chunks.png", withEmptyChunks(pngOfZeros(16, 16, 8, 0, 0, 1), hostiletest.Number(100_000, 400_000)))
	add("palette.png", pngOfZeros(8192, 8000, 8, 0, 0, 62))
	for i, sof := range []byte{0xc0, 0xc2} {
		add(fmt.Sprintf("header %d.jpg", i), jpegClaiming(16384, 4096, sof, 3, 0x11, 50))
		add(fmt.Sprintf("four %d.jpg", i), jpegClaiming(16384, 4096, sof, 4, 0x22, 50))
		add(fmt.Sprintf("near %d.jpg", i), jpegClaiming(4096, 5000, sof, 3, 0x22, 50))
		add(fmt.Sprintf("body %d.jpg", i), jpegClaiming(16384, 4000, sof, 3, 0x22, large*10_000))
		add(fmt.Sprintf("odd %d.jpg", i), jpegClaiming(4000, 1100, sof, 3, 0x41, 50))
	}
	for i := range large {
		b := pngOfZeros(1024, 1000, 8, 0, 0, 1)
		for _, class := range []string{"a", "b"} {
			add(fmt.Sprintf("pictures.folder/%s/%04d.png", class, i), b)
		}
	}
	paths = append(paths, filepath.Join(root, "pictures.folder"))

	var results []hostiletest.Result
	for _, path := range paths {
		results = append(results, hostiletest.ReadPaths(t, []string{path})...)
	}
	for _, r := range results {
		if r.Accepted {
			t.Errorf("%s is accepted", r.Path)
		}
	}
	hostiletest.Report(t, "data that inflates", results)
}
