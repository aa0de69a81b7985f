package data

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// read decodes pictures and gives the files that it could read. All headers are read
// before any memory is taken. Pictures that take far more than their files are checked,
// keeping nothing, before memory is taken for all of them.
func (r *folderReader) read(files []pictureFile, classes int) (*Images, []pictureFile, error) {
	files, err := r.headers(files)
	if err != nil {
		return nil, nil, err
	}
	if r.SkipUnreadable { // a picture whose body is damaged has no say in the shape
		if files, err = r.each(files, decoded); err != nil {
			return nil, nil, err
		}
	}
	shape, err := r.commonShape(files)
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
	if stored, _ := sizesOf(files); need > keepBudget(stored) && !r.SkipUnreadable {
		if files, err = r.each(files, decoded); err != nil {
			return nil, nil, err
		}
	}
	pixels, labels := make([]byte, 0, len(files)*shape.Size()), make([]int, 0, len(files))
	files, err = r.each(files, func(f *pictureFile) error {
		p, err := loadImage(f.path, size, shape[0])
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

// headers reads the headers of all pictures, and then, if decoding would take long, all files
// to their ends.
func (r *folderReader) headers(files []pictureFile) ([]pictureFile, error) {
	limit := MaxSetPixels
	if r.Resize.Mode != "" {
		limit = MaxPixels
	}
	files, err := r.each(files, func(f *pictureFile) (err error) {
		f.info, err = readPictureInfo(f.path, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	stored, pixels := sizesOf(files)
	if pixels > inflatable(stored) {
		return nil, fmt.Errorf("%s and %d more pictures take %d bytes when they are decoded; the most that is decoded of files of %d bytes is %d",
			files[0].path, len(files)-1, pixels, stored, inflatable(stored))
	}
	if pixels > stored+checkedFrom {
		return r.each(files, func(f *pictureFile) error { return checkWhole(f.path) })
	}
	return files, nil
}

// decoded decodes a picture, keeping nothing.
func decoded(f *pictureFile) error {
	_, err := decodeFile(f.path)
	return err
}

// sizesOf are the bytes of some files, and those of their pixels.
func sizesOf(files []pictureFile) (stored, pixels int64) {
	for _, f := range files {
		stored += f.info.size
		pixels += f.info.decoded
	}
	return stored, pixels
}

// each does something with every file and gives those with which it went well. The
// first error is returned, unless unreadable pictures are skipped and some are left.
func (r *folderReader) each(files []pictureFile, do func(*pictureFile) error) ([]pictureFile, error) {
	var kept []pictureFile
	var first error
	for _, f := range files {
		err := do(&f)
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
// if one of them has colour.
func (r *folderReader) commonShape(files []pictureFile) (nn.Shape, error) {
	first := files[0].info
	shape := nn.Shape{1, first.height, first.width}
	if r.Resize.Mode != "" {
		shape = nn.Shape{1, r.Resize.Height, r.Resize.Width}
	}
	for _, f := range files {
		if !f.info.grey {
			shape[0] = 3
		}
		if r.Resize.Mode == "" && (f.info.height != shape[1] || f.info.width != shape[2]) {
			return nil, fmt.Errorf("%s: %d × %d pixels (height × width), %s has %d × %d; need pictures of one size, or the size to resize them to, as in --resize squash:%dx%d (or crop, or pad; a mode alone takes the size of the network)",
				f.path, f.info.height, f.info.width, files[0].path, shape[1], shape[2], shape[1], shape[2])
		}
	}
	return shape, nil
}

// cut is the first n pictures and the rest, views of the same bytes.
func (m *Images) cut(n int) (a, b *Images) {
	at := n * m.shape.Size()
	return &Images{m.shape, m.pixels[:at:at], m.labels[:n:n], m.classes}, &Images{m.shape, m.pixels[at:], m.labels[n:], m.classes}
}
