package tensorboard

import (
	"image"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
)

// montage draws up to ten samples of each of the first ten classes, fewer if samples are large;
// nil for samples that are no pictures or have no classes. Samples are as data.Montage takes them.
func montage(s nn.Samples) (image.Image, error) {
	const most, side = 10, 1024 // dots
	shape := s.Shape()
	if len(shape) != 3 || shape[0] != 1 && shape[0] != 3 || max(shape[1], shape[2]) >= side || s.Classes() < 1 {
		return nil, nil
	}
	rows := min(most, s.Classes(), side/(shape[1]+1))
	cols := min(most, side/(shape[2]+1))
	return data.Montage(s, rows, cols, max(1, side/2/max(rows*shape[1], cols*shape[2])))
}
