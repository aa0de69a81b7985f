package data

import (
	"fmt"
	"image"
	"image/color"

	"github.com/gonn-toolkit/gonn/nn"
)

// LoadImages reads PNG or JPEG files of any size as pictures of shape (1, H,
// W), in grey, or (3, H, W), in red, green, blue, for a network to predict.
// They are laid over white where transparent and squashed to H × W by
// Catmull-Rom interpolation, each axis on its own, which leaves a picture of
// that size as it is. An orientation in a JPEG's EXIF data is not applied. The
// labels are unknown: every one is 0, of one class.
func LoadImages(shape nn.Shape, paths ...string) (*Images, error) {
	return LoadResized(shape, Resize{}, paths...)
}

// LoadResized is LoadImages in the mode of r, so that pictures are resized as
// those were that the network was trained on. The zero Resize squashes. It is
// an error if r has a size that is not the shape's.
func LoadResized(shape nn.Shape, r Resize, paths ...string) (*Images, error) {
	if len(shape) != 3 || shape[0] != 1 && shape[0] != 3 || min(shape[1], shape[2]) < 1 || max(shape[1], shape[2]) > MaxSide {
		return nil, fmt.Errorf("pictures cannot be loaded as samples of shape %v; need (1, H, W) or (3, H, W)", shape)
	}
	if r.Mode == "" {
		r.Mode = Squash
	}
	if r = r.To(shape); r.Height != shape[1] || r.Width != shape[2] {
		return nil, fmt.Errorf("resize %s makes other pictures than the network takes, %d × %d", r, shape[1], shape[2])
	}
	var pixels []byte
	for _, path := range paths {
		p, err := loadImage(path, r, shape[0])
		if err != nil {
			return nil, err
		}
		pixels = append(pixels, p...)
	}
	return NewImages(shape, pixels, make([]int, len(paths)), 1)
}

// loadImage is a picture at the size of r, in C, H, W order.
func loadImage(path string, r Resize, channels int) ([]byte, error) {
	img, err := decodeFile(path)
	if err != nil {
		return nil, err
	}
	return planes(r.draw(img), channels), nil
}

func decodeFile(path string) (image.Image, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, err := decodeImage(f, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return img, nil
}

// planes is an opaque picture in C, H, W order, in grey by the luma of JPEG
// (ITU-R BT.601) if channels is 1.
func planes(img *image.RGBA, channels int) []byte {
	size := img.Rect.Dx() * img.Rect.Dy()
	out := make([]byte, channels*size)
	for i := range size {
		r, g, b := img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2]
		if channels == 1 {
			out[i] = color.GrayModel.Convert(color.RGBA{r, g, b, 255}).(color.Gray).Y
			continue
		}
		out[i], out[size+i], out[2*size+i] = r, g, b
	}
	return out
}
