package data

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// splitFiles are a split of EMNIST with a picture a label, of 2 × 3 pixels as stored:
// 1 2 3 over 4 5 6 for the first one.
func splitFiles(split string, labels ...byte) map[string][]byte {
	pixels := make([]byte, 6*len(labels))
	for i := range pixels {
		pixels[i] = byte(i + 1)
	}
	images, names := idxFileOf(pixels, uint32(len(labels)), 2, 3), idxFileOf(labels, uint32(len(labels)))
	return map[string][]byte{
		split + "-train-images-idx3-ubyte.gz": zipped(images), split + "-train-labels-idx1-ubyte.gz": zipped(names),
		split + "-test-images-idx3-ubyte": images, split + "-test-labels-idx1-ubyte": names,
	}
}

func upTo(first, last byte) (labels []byte) {
	for l := first; l <= last; l++ {
		labels = append(labels, l)
	}
	return labels
}

func TestOpenReadsEMNIST(t *testing.T) {
	mapping := func(files map[string][]byte, name, text string) map[string][]byte {
		files[name] = []byte(text)
		return files
	}
	for _, tt := range []struct {
		name    string
		files   map[string][]byte
		label   int // of the first picture
		classes int
		names   string
	}{
		{"letters", splitFiles("emnist-letters", upTo(1, 26)...), 0, 26, "A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q,R,S,T,U,V,W,X,Y,Z"},
		{"some letters", splitFiles("emnist-letters", 2, 1, 3), 1, 3, "1,2,3"},
		{"some letters and their mapping", mapping(splitFiles("emnist-letters", 2, 1, 3), "emnist-letters-mapping.txt", "1 65 97\n2 66 98\n3 67 99\n4 68 100\n"), 1, 3, "A,B,C"},
		{"letters from 0", splitFiles("emnist-letters", 1, 0, 2), 1, 3, ""},
		{"balanced", splitFiles("emnist-balanced", upTo(0, 46)...), 0, 47, strings.Join(strings.Split("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt", ""), ",")},
		{"byclass", splitFiles("emnist-byclass", upTo(0, 61)...), 0, 62, strings.Join(strings.Split("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", ""), ",")},
		{"digits", splitFiles("emnist-digits", upTo(0, 9)...), 0, 10, ""},
		{"digits and their mapping", mapping(splitFiles("emnist-digits", 1, 0), "emnist-digits-mapping.txt", "0 48\r\n1 49\r\n"), 1, 2, "0,1"},
		{"digits and classes.txt", mapping(mapping(splitFiles("emnist-digits", 1, 0), "emnist-digits-mapping.txt", "0 48\n1 49\n"), "classes.txt", "zero\none\n"), 1, 2, "zero,one"},
		{"mnist", splitFiles("emnist-mnist", 5), 5, 6, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set := must(Open(folderOf(t, "x", tt.files)))(t)
			if !set.Train.Shape().Equal(nn.Shape{1, 3, 2}) || !slices.Equal(set.Train.(*Images).Pixels(0), []byte{1, 4, 2, 5, 3, 6}) {
				t.Errorf("shape %v, pixels %v; want them turned upright", set.Train.Shape(), set.Train.(*Images).Pixels(0))
			}
			if set.Train.Classes() != tt.classes || set.Test.Classes() != tt.classes || set.Train.Label(0) != tt.label || set.Test.Label(0) != tt.label {
				t.Errorf("%d classes, the first picture has %d; want %d and %d", set.Train.Classes(), set.Train.Label(0), tt.classes, tt.label)
			}
			if set.ClassNames.String() != tt.names {
				t.Errorf("classes %q, want %q", set.ClassNames, tt.names)
			}
		})
	}
}

func TestOpenAsksWhichSplitOfEMNIST(t *testing.T) {
	files := splitFiles("emnist-letters", 1, 2, 3)
	for name, b := range splitFiles("emnist-digits", 0, 1) {
		files[name] = b
	}
	dir := folderOf(t, "x", files)
	_, err := Open(dir)
	wantError(t, err, "the splits emnist-digits, emnist-letters of EMNIST; choose one, as in "+filepath.Join(dir, "emnist-digits"))
	for split, classes := range map[string]int{"emnist-digits": 2, "emnist-letters": 3} {
		path := filepath.Join(dir, split)
		if set := must(Open(path))(t); set.Train.Classes() != classes || set.Name != path {
			t.Errorf("%s: %d classes, name %s", split, set.Train.Classes(), set.Name)
		}
	}
	if _, err = Open(filepath.Join(dir, "emnist-balanced")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want that there is no such split", err)
	}
	delete(files, "emnist-digits-test-labels-idx1-ubyte")
	_, err = Open(filepath.Join(folderOf(t, "y", files), "emnist-digits"))
	wantError(t, err, "emnist-digits-test-labels-idx1-ubyte: no such file")
	files["emnist-letters-mapping.txt"] = []byte("1 65\nB\n")
	_, err = Open(filepath.Join(folderOf(t, "z", files), "emnist-letters"))
	wantError(t, err, `emnist-letters-mapping.txt: line 2 is "B"`)
}

func packedAs(name string, b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Name = name
	z.Write(b)
	z.Close()
	return out.Bytes()
}

// Renamed to MNIST's names, EMNIST is known by the name in gzip's header, or if asked
// for; else a label 0 that no picture has is noticed.
func TestOpenReadsRenamedEMNIST(t *testing.T) {
	renamed := func(name string, labels ...byte) map[string][]byte {
		files := map[string][]byte{}
		for old, b := range splitFiles("emnist-letters", labels...) {
			files[strings.NewReplacer("emnist-letters-train", "train", "emnist-letters-test", "t10k").Replace(old)] = b
		}
		if name != "" {
			files["train-images-idx3-ubyte.gz"] = packedAs(name, idxFileOf([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 2, 3))
		}
		return files
	}
	for _, tt := range []struct {
		name    string
		options Options
		files   map[string][]byte
		upright bool
		names   string
		note    string
	}{
		{"known by gzip", Options{}, renamed("emnist-letters-train-images-idx3-ubyte", 1, 2), true, "1,2", "read as EMNIST"},
		{"asked for", Options{EMNIST: true}, renamed("", 1, 2), true, "1,2", "read as EMNIST"},
		{"asked for, from 0", Options{EMNIST: true}, renamed("", 1, 0), true, "", "read as EMNIST"},
		{"not known", Options{}, renamed("", 1, 2), false, "", "no picture has label 0"},
		{"MNIST's name", Options{}, renamed("train-images-idx3-ubyte", 0, 2), false, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set := must(tt.options.Open(folderOf(t, "x", tt.files)))(t)
			if upright := set.Train.Shape().Equal(nn.Shape{1, 3, 2}); upright != tt.upright || set.ClassNames.String() != tt.names {
				t.Errorf("shape %v, classes %q", set.Train.Shape(), set.ClassNames)
			}
			if notes := fmt.Sprint(set.Notes); (tt.note == "") != (notes == "[]") || !strings.Contains(notes, tt.note) {
				t.Errorf("notes %q, want %q", notes, tt.note)
			}
		})
	}
}

func TestClassesFileOfRenamedEMNIST(t *testing.T) {
	images, labels := idxFileOf(make([]byte, 12), 2, 2, 3), idxFileOf([]byte{1, 2}, 2)
	files := map[string][]byte{"train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels,
		"t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels, "classes.txt": []byte("alpha\nbeta\n")}
	set, err := Options{EMNIST: true}.Open(folderOf(t, "x", files))
	if err != nil || set.ClassNames.String() != "alpha,beta" {
		t.Fatalf("error %v, classes of %v", err, set)
	}
	files["classes.txt"] = []byte("alpha\n")
	_, err = Options{EMNIST: true}.Open(folderOf(t, "x", files))
	wantError(t, err, "classes.txt: 1 class names for 2 classes")
}
