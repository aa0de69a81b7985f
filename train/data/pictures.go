package data

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
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

// read decodes pictures and gives the files that it could read. All headers are read
// before any memory is taken, and pictures that decode to far more than their files
// are decoded once, keeping nothing, before memory is taken for all of them.
func (r *folderReader) read(files []pictureFile, classes int) (*Images, []pictureFile, error) {
	shape, stored, files, err := r.commonShape(files)
	if err != nil {
		return nil, nil, err
	}
	size := r.Resize
	if size.Mode == "" {
		size = Resize{Squash, shape[1], shape[2]}
	}
	need := int64(len(files)) * int64(shape.Size())
	if need > MaxBytes {
		return nil, nil, fmt.Errorf("%s and %d more pictures of shape %v: more than the %d bytes that are read", files[0].path, len(files)-1, shape, MaxBytes)
	}
	var pixels []byte
	var labels []int
	decode := func(f pictureFile) ([]byte, error) { return loadImage(f.path, size, shape[0]) }
	if need > keepBudget(stored) {
		if files, err = r.each(files, func(f pictureFile) error { _, err := decode(f); return err }); err != nil {
			return nil, nil, err
		}
	}
	pixels, labels = make([]byte, 0, len(files)*shape.Size()), make([]int, 0, len(files))
	files, err = r.each(files, func(f pictureFile) error {
		p, err := decode(f)
		if err == nil {
			pixels, labels = append(pixels, p...), append(labels, f.label)
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	images, err := NewImages(shape, pixels, labels, classes)
	return images, files, err
}

// each does something with every file and gives those with which it went well. The
// first error is returned, unless unreadable pictures are skipped and some are left.
func (r *folderReader) each(files []pictureFile, do func(pictureFile) error) ([]pictureFile, error) {
	var kept []pictureFile
	var first error
	for _, f := range files {
		err := do(f)
		switch {
		case err == nil:
			kept = append(kept, f)
		case !r.SkipUnreadable:
			return nil, fmt.Errorf("%w; --skip-unreadable goes on without it", err)
		default:
			r.unreadable.add(f.path, withoutPath(err, f.path))
			if first == nil {
				first = err
			}
		}
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("none of %d pictures can be read; the first error is: %w", len(files), first)
	}
	return kept, nil
}

// commonShape is the shape of all pictures by their headers, with three channels
// if one of them has colour, and the bytes of all files.
func (r *folderReader) commonShape(files []pictureFile) (shape nn.Shape, stored int64, kept []pictureFile, err error) {
	limit := MaxSetPixels
	if r.Resize.Mode != "" {
		limit = MaxPixels
		shape = nn.Shape{1, r.Resize.Height, r.Resize.Width}
	}
	channels, of := 1, ""
	var differ error
	kept, err = r.each(files, func(f pictureFile) error {
		info, err := readPictureInfo(f.path, limit)
		if err != nil {
			return err
		}
		stored += info.size
		if !info.grey {
			channels = 3
		}
		if shape == nil {
			shape, of = nn.Shape{1, info.height, info.width}, f.path
		}
		if of != "" && differ == nil && (info.height != shape[1] || info.width != shape[2]) {
			differ = fmt.Errorf("%s: %d × %d pixels (height × width), %s has %d × %d; need pictures of one size, or the size to resize them to, as in --resize squash:%dx%d (or crop, or pad)",
				f.path, info.height, info.width, of, shape[1], shape[2], shape[1], shape[2])
		}
		return nil
	})
	if err == nil {
		err = differ
	}
	if err != nil {
		return nil, 0, nil, err
	}
	shape[0] = channels
	return shape, stored, kept, nil
}

// cut is the first n pictures and the rest, views of the same bytes.
func (m *Images) cut(n int) (a, b *Images) {
	at := n * m.shape.Size()
	return &Images{m.shape, m.pixels[:at:at], m.labels[:n:n], m.classes}, &Images{m.shape, m.pixels[at:], m.labels[n:], m.classes}
}
