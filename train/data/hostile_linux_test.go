package data

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	gojpeg "image/jpeg"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
)

func TestHostileChild(t *testing.T) { hostiletest.Serve(t, readHostile) }

// readHostile reads a file or folder by the ending of its name, and what is accepted a second
// time in another way.
func readHostile(path string) (accepted bool, wrong error) {
	switch filepath.Ext(path) {
	case ".idx":
		set, err := Open(path)
		if err != nil {
			return false, nil
		}
		return true, checkIDX(path, set)
	case ".npy":
		a, err := ReadNPY(path)
		if err != nil {
			return false, nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return true, err
		}
		return true, checkNPY(b, a)
	case ".set": // a .npz file that is no set, though its arrays may be sound
		_, err := Options{}.openNPZ(path)
		return err == nil, nil
	case ".npz":
		set, errSet := Open(path)
		arrays, err := ReadNPZ(path)
		if err != nil {
			return errSet == nil, checkUnread(path, set)
		}
		return true, checkNPZ(path, arrays)
	case ".folder":
		set, err := Open(path)
		if err != nil {
			return false, nil
		}
		return true, checkFolder(path, set)
	}
	height, width, err := PictureSize(path)
	if err != nil {
		return false, nil
	}
	shape := nn.Shape{3, height, width}
	m, err := LoadImages(shape, path)
	if err != nil {
		return false, nil
	}
	return true, checkPicture(path, m.Pixels(0), shape)
}

// checkUnread is an error if there is a set though not all arrays of its file can be read:
// only others than those of the set may be broken.
func checkUnread(path string, set *Set) error {
	if set == nil {
		return nil
	}
	for _, name := range npzNames {
		if z, err := OpenNPZ(path); err == nil {
			defer z.Close()
			if _, err := z.Read(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkFolder holds a set to the pictures in a folder.
func checkFolder(dir string, set *Set) error {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.png"))
	if n := set.Train.Len() + set.Test.Len(); err != nil || n != len(files) {
		return fmt.Errorf("%d pictures of %d files, %w", n, len(files), err)
	}
	for _, f := range files {
		img, err := decodeFile(f)
		if err != nil || img.Bounds().Dy() != set.Train.Shape()[1] || img.Bounds().Dx() != set.Train.Shape()[2] {
			return fmt.Errorf("%s: %v beside %v, %w", f, img.Bounds(), set.Train.Shape(), err)
		}
	}
	return nil
}

// folders writes folders of the good files in which one has been damaged, and gives their paths.
func folders(t *testing.T, ending string, good map[string][]byte, damaged map[string]map[string][]byte) (paths []string) {
	t.Helper()
	root := t.TempDir()
	for _, name := range slices.Sorted(maps.Keys(damaged)) {
		for _, how := range slices.Sorted(maps.Keys(damaged[name])) {
			dir := filepath.Join(root, strings.ReplaceAll(name, "/", "_")+how+ending)
			for file, b := range good {
				if file == name {
					b = damaged[name][how]
				}
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, file), b, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			paths = append(paths, dir)
		}
	}
	return paths
}

func TestHostileIDX(t *testing.T) {
	images, labels := idxFileOf(testImages(t, 6, nn.Shape{1, 3, 4}).pixels, 6, 3, 4), idxFileOf([]byte{0, 1, 2, 0, 1, 2}, 6)
	good := map[string][]byte{"train-images-idx3-ubyte.gz": zipped(images), "train-labels-idx1-ubyte": labels,
		"t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte.gz": zipped(labels)}
	n := hostiletest.Number(12, 60)
	damaged := map[string]map[string][]byte{
		"train-images-idx3-ubyte.gz": hostiletest.Mutations(1, n, images, zipped),
		"t10k-labels-idx1-ubyte.gz":  hostiletest.Mutations(2, n, zipped(labels), nil),
		"t10k-images-idx3-ubyte":     hostiletest.Mutations(3, n, images, nil),
		"train-labels-idx1-ubyte":    hostiletest.Mutations(4, n, labels, nil),
	}
	paths := folders(t, ".idx", good, damaged)
	hostiletest.Report(t, "IDX", hostiletest.ReadPaths(t, append(paths, special(t, ".idx", good)...)))
}

// special are folders with a pipe, a device, a folder and dangling and endless links in the
// place of each file.
func special(t *testing.T, ending string, good map[string][]byte) (paths []string) {
	t.Helper()
	for what, put := range map[string]func(path string) error{
		"pipe":   func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"device": func(path string) error { return os.Symlink("/dev/zero", path) },
		"folder": func(path string) error { return os.Mkdir(path, 0o777) },
		"link":   func(path string) error { return os.Symlink("nowhere", path) },
		"loop":   func(path string) error { return os.Symlink(filepath.Base(path), path) },
	} {
		for name := range good {
			for _, dir := range folders(t, what+ending, good, map[string]map[string][]byte{name: {"": nil}}) {
				path := filepath.Join(dir, name)
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
				if err := put(path); err != nil {
					t.Fatal(err)
				}
				paths = append(paths, dir)
			}
		}
	}
	slices.Sort(paths)
	return paths
}

func TestHostileArrays(t *testing.T) {
	files := map[string][]byte{}
	add := func(ending string, made map[string][]byte) {
		for name, b := range made {
			files[name+ending] = b
		}
	}
	n := hostiletest.Number(12, 60)
	floats, bytes8 := npyOf("<f4", "False", "(2, 3)", floats32(1, 2, 3, 4, 5, 6)), npyOf("|u1", "False", "(2, 1, 3)", []byte{1, 2, 3, 4, 5, 6})
	labels := npyOf(">i8", "False", "(2,)", []byte{15: 1})
	add("a.npy", hostiletest.Mutations(1, n, floats, nil))
	add("b.npy", hostiletest.Mutations(2, n, labels, nil))
	good := npzOf(t, keras(bytes8, labels, bytes8, labels)...)
	add("c.npz", hostiletest.Mutations(3, n, good, nil))
	for i, whole := range [][]byte{bytes8, labels, npyOf("<f8", "False", "(2, 1, 3)", make([]byte, 48))} {
		add(fmt.Sprintf("%d.npz", i), hostiletest.Mutations(uint64(10+i), n/2, whole, func(b []byte) []byte {
			arrays := keras(bytes8, labels, bytes8, labels)
			arrays[i].body = b
			return npzOf(t, arrays...)
		}))
	}
	hostiletest.Report(t, "npy and npz", hostiletest.Read(t, files))
}

func TestHostilePictures(t *testing.T) {
	picture := image.NewNRGBA(image.Rect(0, 0, 17, 9))
	for i := range picture.Pix {
		picture.Pix[i] = byte(i * 7)
	}
	var jpeg bytes.Buffer
	if err := gojpeg.Encode(&jpeg, picture, nil); err != nil {
		t.Fatal(err)
	}
	n := hostiletest.Number(10, 50)
	files := map[string][]byte{}
	for i, whole := range [][]byte{pngOf(t, picture), pngOf(t, uniform(40, 30, color.Gray{9})), jpeg.Bytes(), jpegFile(t, "chroma-differs.jpg"), jpegFile(t, "progressive-restart.jpg")} {
		for name, b := range hostiletest.Mutations(uint64(i), n, whole, repaired) {
			files[fmt.Sprintf("%s-%d.png", name, i)] = b
		}
	}
	hostiletest.Report(t, "PNG and JPEG", hostiletest.Read(t, files))

	grey := greyPNG(t, 4, 3, 0)
	good := map[string][]byte{"a/0.png": grey, "a/1.png": grey, "b/0.png": grey, "b/1.png": grey}
	paths := folders(t, ".folder", good, map[string]map[string][]byte{"b/1.png": hostiletest.Mutations(9, n, grey, repaired)})
	hostiletest.Report(t, "folders of pictures", hostiletest.ReadPaths(t, append(paths, special(t, ".folder", good)...)))
}
