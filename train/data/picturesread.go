package data

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

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
	if need > keepBudget(stored) && !r.SkipUnreadable { // else commonShape has decoded them
		if files, err = r.each(files, func(f pictureFile) error { _, err := decodeFile(f.path); return err }); err != nil {
			return nil, nil, err
		}
	}
	pixels, labels := make([]byte, 0, len(files)*shape.Size()), make([]int, 0, len(files))
	files, err = r.each(files, func(f pictureFile) error {
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
		if err == nil && r.SkipUnreadable { // one whose body is damaged has no say
			_, err = decodeFile(f.path)
		}
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
			differ = fmt.Errorf("%s: %d × %d pixels (height × width), %s has %d × %d; need pictures of one size, or the size to resize them to, as in --resize squash:%dx%d (or crop, or pad; a mode alone takes the size of the network)",
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
