package data

import (
	"fmt"
	"slices"
)

// folderReader reads a folder of pictures by class.
type folderReader struct {
	Options
	stray, unreadable passedOver
}

// openPictures reads a folder of pictures by class.
func (o Options) openPictures(dir string) (*Set, error) {
	r := &folderReader{Options: o, stray: passedOver{dir: dir}, unreadable: passedOver{dir: dir}}
	names, files, notes, err := r.listParts(dir)
	if err != nil {
		return nil, err
	}
	classNames, err := NewClassNames(names, len(names))
	if err != nil {
		return nil, fmt.Errorf("%s: %w; rename the folder", dir, err)
	}
	images, files, err := r.read(files, len(names))
	if err != nil {
		return nil, err
	}
	set, err := setOf(dir, images, files, names)
	if err != nil {
		return nil, err
	}
	set.ClassNames = classNames
	set.Notes = slices.Concat(notes, r.stray.notes("file that is no picture of a class", "files that are no pictures of a class"),
		r.unreadable.notes("unreadable picture", "unreadable pictures"))
	return set, nil
}

// listParts lists the classes and the pictures of all parts, one part after the other.
func (r *folderReader) listParts(dir string) (names []string, files []pictureFile, notes []string, err error) {
	found, err := r.partFolders(dir)
	if err != nil {
		return nil, nil, nil, err
	}
	if found == [parts]string{} {
		if names, files, err = r.list(dir, nil, forTraining); err == nil {
			if files, err = splitPictures(files, names); err != nil {
				err = fmt.Errorf("%s: %w", dir, err)
			}
		}
		return names, files, nil, err
	}
	if found[forTesting] == "" {
		found[forTesting], found[forValidation] = found[forValidation], ""
		notes = append(notes, fmt.Sprintf("%s is the test set; there is no folder test", found[forTesting]))
	}
	if found[forTraining] == "" || found[forTesting] == "" {
		return nil, nil, nil, fmt.Errorf("%s: only one of the folders train and test; need both, or train and val, or neither", dir)
	}
	for p, path := range found {
		if path == "" {
			continue
		}
		classes, more, err := r.list(path, names, part(p))
		if err != nil {
			return nil, nil, nil, err
		}
		if part(p) == forTraining {
			names = classes
		}
		files = append(files, more...)
	}
	return names, files, notes, nil
}

// setOf cuts pictures into their parts. Each class needs a picture for training.
func setOf(dir string, images *Images, files []pictureFile, names []string) (*Set, error) {
	var count [parts]int
	trained := make([]bool, len(names))
	for _, f := range files {
		count[f.part]++
		trained[f.label] = trained[f.label] || f.part == forTraining
	}
	if label := slices.Index(trained, false); label >= 0 {
		return nil, fmt.Errorf("%s: no readable picture of class %q for training", dir, names[label])
	}
	if count[forTesting] == 0 {
		return nil, fmt.Errorf("%s: no readable picture for testing", dir)
	}
	train, rest := images.cut(count[forTraining])
	test, val := rest.cut(count[forTesting])
	set, err := NewSet(dir, train, test)
	if err == nil && val.Len() > 0 {
		set.Val, set.SHA256 = val, sumOf(train, test, val)
	}
	return set, err
}
