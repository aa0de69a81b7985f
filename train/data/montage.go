package data

import (
	"fmt"
	"image"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// montageGap is the space between two pictures, in pixels of the set, and
// montageGround its grey, against which digits and their inverses both stand
// out.
const (
	montageGap    = 1
	montageGround = 128
)

// Montage draws a set: in each of the first rows classes, one a row, cols
// pictures spread evenly over the set, so that both halves of a doubled set
// are seen. A pixel is drawn as scale × scale dots. Samples are (1, H, W),
// drawn in grey, or (3, H, W), drawn in colour, with values in 0…1; others are
// cut off at the ends.
func Montage(s nn.Samples, rows, cols, scale int) (image.Image, error) {
	if rows < 1 || rows > s.Classes() || cols < 1 || scale < 1 {
		return nil, fmt.Errorf("montage: %d rows, %d columns, scale %d; need 1 to %d rows and positive columns and scale",
			rows, cols, scale, s.Classes())
	}
	cells := make([][]int, rows)
	for row, members := range byClass(s, rows) {
		for col := range min(cols, len(members)) {
			cells[row] = append(cells[row], members[spread(col, cols, len(members))])
		}
	}
	return montage(s, cells, cols, scale)
}

// MontageOf draws some samples in their order, from left to right in rows of cols. Samples and
// scale are as in Montage. It is an error if a sample is not in the set.
func MontageOf(s nn.Samples, samples []int, cols, scale int) (image.Image, error) {
	if len(samples) == 0 || cols < 1 || scale < 1 {
		return nil, fmt.Errorf("montage: %d samples, %d columns, scale %d; need positive numbers", len(samples), cols, scale)
	}
	for _, i := range samples {
		if i < 0 || i >= s.Len() {
			return nil, fmt.Errorf("montage: sample %d of a set of %d", i, s.Len())
		}
	}
	cells := slices.Collect(slices.Chunk(samples, cols))
	return montage(s, cells, len(cells[0]), scale)
}

// montage draws rows of at most cols samples.
func montage(s nn.Samples, cells [][]int, cols, scale int) (image.Image, error) {
	shape := s.Shape()
	bounds, err := montageBounds(shape, len(cells), cols, scale)
	if err != nil {
		return nil, err
	}
	c := newCanvas(bounds, shape[0])
	sample := make([]float32, shape.Size())
	for row, members := range cells {
		for col, i := range members {
			if err := nn.ReadSample(sample, s, i); err != nil {
				return nil, err
			}
			c.draw(col*(shape[2]+montageGap)+montageGap, row*(shape[1]+montageGap)+montageGap, scale, shape, sample)
		}
	}
	return c.img, nil
}

// montageBounds is the size of a montage; an error if pictures of that shape cannot be drawn, or
// not so many.
func montageBounds(shape nn.Shape, rows, cols, scale int) (image.Rectangle, error) {
	if len(shape) != 3 || shape[0] != 1 && shape[0] != 3 {
		return image.Rectangle{}, fmt.Errorf("montage: samples of shape %v; need (1, H, W) or (3, H, W)", shape)
	}
	cellH, cellW := shape[1]+montageGap, shape[2]+montageGap
	if max(rows, cols, scale) > MaxSide || max(rows*cellH, cols*cellW) > MaxSide/scale {
		return image.Rectangle{}, fmt.Errorf("montage: %d × %d pictures at scale %d; the largest side is %d dots", rows, cols, scale, MaxSide)
	}
	bounds := image.Rect(0, 0, (cols*cellW+montageGap)*scale, (rows*cellH+montageGap)*scale)
	if bounds.Dx()*bounds.Dy() > MaxPixels {
		return bounds, fmt.Errorf("montage: %d × %d dots; the most that is drawn is %d", bounds.Dx(), bounds.Dy(), MaxPixels)
	}
	return bounds, nil
}

// spread is the k-th of cols places spread evenly over n members.
func spread(k, cols, n int) int {
	if n <= cols {
		return k
	}
	return k * n / cols
}

func byClass(s nn.Samples, classes int) [][]int {
	members := make([][]int, classes)
	for i := range s.Len() {
		if l := s.Label(i); l < classes {
			members[l] = append(members[l], i)
		}
	}
	return members
}

// Picture is one sample as a picture of its own pixels. Samples are as in Montage.
func Picture(s nn.Samples, i int) (image.Image, error) {
	shape := s.Shape()
	if len(shape) != 3 || shape[0] != 1 && shape[0] != 3 {
		return nil, fmt.Errorf("picture: samples of shape %v; need (1, H, W) or (3, H, W)", shape)
	}
	c := newCanvas(image.Rect(0, 0, shape[2], shape[1]), shape[0])
	sample := make([]float32, shape.Size())
	if err := nn.ReadSample(sample, s, i); err != nil {
		return nil, err
	}
	c.draw(0, 0, 1, shape, sample)
	return c.img, nil
}
