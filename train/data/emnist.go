package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// emnistName are the names of EMNIST's files, as NIST distributes them: the first group
// is the split, such as emnist-letters.
var emnistName = regexp.MustCompile(`^(emnist-[a-z]+)-(train|test)-(images|labels)[-.]idx[134]-ubyte(\.gz)?$`)

// emnistSplits lists the splits whose files are among some names, each once.
func emnistSplits(names []string) []string {
	var splits []string
	for _, name := range names {
		if m := emnistName.FindStringSubmatch(name); m != nil {
			splits = append(splits, m[1])
		}
	}
	slices.Sort(splits)
	return slices.Compact(splits)
}

// isEMNISTSplit reports whether a folder has files of a split.
func isEMNISTSplit(dir, split string) bool {
	entries, err := os.ReadDir(filepath.Clean(dir))
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		m := emnistName.FindStringSubmatch(e.Name())
		return m != nil && m[1] == split
	})
}

// storedSplit is the split that a folder's MNIST names hide: gzip keeps the name of
// the file that it packed. "" if there is none.
func storedSplit(dir string) string {
	name, err := find(os.DirFS(dir), dir, "train-images", "idx3")
	if err != nil {
		return ""
	}
	f, err := openIDX(os.DirFS(dir), name, name)
	if err != nil {
		return ""
	}
	defer f.Close()
	if m := emnistName.FindStringSubmatch(f.packed); m != nil {
		return m[1]
	}
	return ""
}

// openEMNIST reads a split under the names of its distribution.
func openEMNIST(dir, name, split string) (*Set, error) {
	return readEMNIST(dir, name, split, split+"-train", split+"-test")
}

// openRenamedEMNIST reads EMNIST under MNIST's names; split is "" if it is not known.
func openRenamedEMNIST(dir, split string) (*Set, error) {
	set, err := readEMNIST(dir, dir, split, "train", "t10k")
	if err == nil {
		set.Notes = append(set.Notes, "read as EMNIST: its pictures, stored transposed, are turned upright")
	}
	return set, err
}

// readEMNIST turns pictures upright and gives classes their names. Labels of letters
// begin at 1; a class 0 that no picture has goes.
func readEMNIST(dir, name, split, trainPrefix, testPrefix string) (*Set, error) {
	first := 0
	var names ClassNames
	train, test, err := readPair(dir, trainPrefix, testPrefix, func(labels labelRange) (err error) {
		if split == "emnist-letters" || split == "" {
			first = min(1, int(labels.first))
		}
		names, err = emnistNames(dir, split, first, labels.classes()-first)
		return err
	})
	if err != nil {
		return nil, err
	}
	set, err := NewSet(name, train.upright(first), test.upright(first))
	if err != nil {
		return nil, err
	}
	set.ClassNames = names
	return set, nil
}

// upright is the pictures with rows and columns swapped and first taken from every
// label.
func (m *Images) upright(first int) *Images {
	c, h, w := m.shape[0], m.shape[1], m.shape[2]
	t := &Images{nn.Shape{c, w, h}, make([]byte, len(m.pixels)), slices.Clone(m.labels), m.classes - first}
	for plane := 0; plane < len(m.pixels); plane += h * w {
		for y := range h {
			for x := range w {
				t.pixels[plane+x*h+y] = m.pixels[plane+y*w+x]
			}
		}
	}
	for i := range t.labels {
		t.labels[i] -= first
	}
	return t
}

// emnistCharacters are the classes of the splits, in the order of their labels. The 47
// of balanced and bymerge have no small letters that look like their capitals.
var emnistCharacters = []string{
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt",
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
}

// emnistNames names the classes, whose labels in the files begin at first: by classes.txt, else by
// the mapping file, else by the characters of all splits with that number of classes,
// else by the labels if they do not begin at 0.
func emnistNames(dir, split string, first, classes int) (ClassNames, error) {
	path := filepath.Join(dir, classesFile)
	names, err := readClassNames(path)
	if errors.Is(err, fs.ErrNotExist) {
		path = filepath.Join(dir, split+"-mapping.txt")
		names, err = readMapping(path, first, classes)
	}
	switch {
	case err == nil:
		checked, err := NewClassNames(names, classes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return checked, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	for _, characters := range emnistCharacters {
		if len(characters) == classes {
			return strings.Split(characters, ""), nil
		}
	}
	if first == 0 {
		return nil, nil
	}
	for i := range classes {
		names = append(names, strconv.Itoa(first+i))
	}
	return names, nil
}

// readMapping reads EMNIST's mapping of labels to characters: a line a label, with the
// codes of one character or more, of which the first names the class.
func readMapping(path string, first, classes int) ([]string, error) {
	lines, err := readClassNames(path)
	if err != nil {
		return nil, err
	}
	names := make([]string, classes)
	for i, line := range lines {
		var label int
		var code rune
		if _, err := fmt.Sscan(line, &label, &code); err != nil || code <= ' ' || code > 0x10ffff {
			return nil, fmt.Errorf("%s: line %d is %.40q; need a label and the code of its character", path, i+1, line)
		}
		if label -= first; label >= 0 && label < classes {
			names[label] = string(code)
		}
	}
	return names, nil
}
