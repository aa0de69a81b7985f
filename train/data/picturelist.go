package data

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// testShare is the part of each class that becomes the test set of a folder that
// has none.
const testShare = 0.2

// part is what pictures are for.
type part int

const (
	forTraining part = iota
	forTesting
	forValidation
	parts
)

// pictureFile is a picture of a class.
type pictureFile struct {
	path  string
	label int
	part  part
	info  pictureInfo // of its header, once that has been read
}

// partNames are the names of the folders of a set that is split, in any case.
var partNames = [parts][]string{
	forTraining:   {"train", "training"},
	forTesting:    {"test", "testing"},
	forValidation: {"val", "valid", "validation"},
}

// partFolders are the folders in dir that have the name of a part and folders of
// classes in them; "" if there is none. What else is there is passed over if there is
// one for training.
func (r *folderReader) partFolders(dir string) (found [parts]string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return found, err
	}
	var others []string
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		p := slices.IndexFunc(partNames[:], func(names []string) bool { return slices.Contains(names, strings.ToLower(e.Name())) })
		switch {
		case isHidden(e.Name()):
		case p < 0 || !holdsFolders(path):
			others = append(others, path)
		case found[p] != "":
			return found, fmt.Errorf("%s and %s are there for the same; need one of them", found[p], path)
		default:
			found[p] = path
		}
	}
	if found[forTraining] != "" {
		for _, path := range others {
			r.stray.add(path, "")
		}
	}
	return found, nil
}

// isHidden reports whether a file or folder is there for a system's own use, which no
// note need name.
func isHidden(name string) bool {
	return strings.HasPrefix(name, ".") || name == "__MACOSX" || name == "@eaDir"
}

func holdsFolders(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e os.DirEntry) bool { return isFolder(dir, e.Name()) })
}

// list lists the classes and pictures of a folder, both sorted by name in NFC, byte by byte:
// class "10" comes before "2", as in torchvision and Keras. Files that are no pictures
// are passed over. With known classes, which are matched by name, there may be no other
// ones.
func (r *folderReader) list(dir string, known []string, p part) (classes []string, files []pictureFile, err error) {
	entries, err := readNames(dir)
	if err != nil {
		return nil, nil, err
	}
	var folders []string
	for _, e := range entries {
		switch {
		case isHidden(e.Name()):
		case !isFolder(dir, e.Name()):
			r.stray.add(filepath.Join(dir, e.Name()), "")
		case len(classes) == MaxClasses:
			return nil, nil, fmt.Errorf("%s: more than %d classes, the most that is read", dir, MaxClasses)
		default:
			folders, classes = append(folders, e.Name()), append(classes, nfc(e.Name()))
		}
	}
	if len(classes) == 0 {
		return nil, nil, fmt.Errorf("%s: no folders of pictures in it", dir)
	}
	if err := checkForms(dir, folders); err != nil {
		return nil, nil, err
	}
	var labels []int
	if known != nil {
		var unknown []string
		if labels, unknown = byName(classes, known); unknown != nil {
			return nil, nil, fmt.Errorf("%s: the training set has no class %s; its classes are %s",
				dir, someNames(unknown), someNames(known))
		}
	}
	for i := range classes {
		label := i
		if labels != nil {
			label = labels[i]
		}
		if files, err = r.appendPictures(files, filepath.Join(dir, folders[i]), label, p); err != nil {
			return nil, nil, err
		}
	}
	return classes, files, nil
}

func (r *folderReader) appendPictures(files []pictureFile, dir string, label int, p part) ([]pictureFile, error) {
	entries, err := readNames(dir)
	if err != nil {
		return nil, err
	}
	before := len(files)
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		ext := strings.ToLower(filepath.Ext(e.Name()))
		switch {
		case isHidden(e.Name()):
		case isFolder(dir, e.Name()):
			if below := r.setBelow(dir); below != "" {
				return nil, fmt.Errorf("%s: a folder in the folder of a class; the data set is %s: give that", path, below)
			}
			return nil, fmt.Errorf("%s: a folder in the folder of a class; need pictures alone", path)
		case ext == ".png" || ext == ".jpg" || ext == ".jpeg":
			files = append(files, pictureFile{path: path, label: label, part: p})
		default:
			r.stray.add(path, "")
		}
	}
	if len(files) == before {
		return nil, fmt.Errorf("%s: no .png, .jpg or .jpeg pictures in it", dir)
	}
	return files, nil
}

// setBelow is a folder of a class that is a data set itself, as archives with a folder more around
// all have, or the only folder in it that is one; "" if there is none.
func (r *folderReader) setBelow(dir string) string {
	inner := &folderReader{Options: r.Options, stray: passedOver{dir: dir}, unreadable: passedOver{dir: dir}}
	if names, _, _, err := inner.listParts(dir); err == nil && len(names) > 1 {
		return dir
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return !isFolder(dir, e.Name()) })
	if len(entries) != 1 {
		return ""
	}
	return r.setBelow(filepath.Join(dir, entries[0].Name()))
}

// splitPictures draws testShare of each class for testing, the same whenever the
// folder is the same, and puts it behind the rest. Files come class by class, and both
// parts keep their order.
func splitPictures(all []pictureFile, classes []string) ([]pictureFile, error) {
	var train, test []pictureFile
	for label, class := range classes {
		size := 0
		for size < len(all) && all[size].label == label {
			size++
		}
		n := max(1, int(testShare*float64(size)+0.5))
		if n == size {
			return nil, fmt.Errorf("one picture of class %q; need two or more, or folders train and test", class)
		}
		drawn := make([]bool, size)
		for _, i := range shuffled(rand.NewPCG(uint64(label), splitStream), size)[:n] {
			drawn[i] = true
		}
		for i, f := range all[:size] {
			if drawn[i] {
				f.part = forTesting
				test = append(test, f)
			} else {
				train = append(train, f)
			}
		}
		all = all[size:]
	}
	return append(train, test...), nil
}
