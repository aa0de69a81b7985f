package data

import (
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // the formats that LoadImages reads
	_ "image/png"
	"io"
	"os"

	"golang.org/x/image/draw"

	"github.com/gonn-toolkit/gonn/nn"
)

// LoadImages reads PNG or JPEG files of any size as pictures of shape (1, H,
// W), in grey, or (3, H, W), in red, green, blue, for a network to predict.
// They are laid over white where transparent and resized to H × W by
// Catmull-Rom interpolation, each axis on its own, which leaves a picture of
// that size as it is. An orientation in a JPEG's EXIF data is not applied. The
// labels are unknown: every one is 0, of one class.
func LoadImages(shape nn.Shape, paths ...string) (*Images, error) {
	if len(shape) != 3 || shape[0] != 1 && shape[0] != 3 || min(shape[1], shape[2]) < 1 || max(shape[1], shape[2]) > MaxSide {
		return nil, fmt.Errorf("pictures cannot be loaded as samples of shape %v; need (1, H, W) or (3, H, W)", shape)
	}
	var pixels []byte
	for _, path := range paths {
		p, err := loadImage(path, shape)
		if err != nil {
			return nil, err
		}
		pixels = append(pixels, p...)
	}
	return NewImages(shape, pixels, make([]int, len(paths)), 1)
}

func loadImage(path string, shape nn.Shape) ([]byte, error) {
	f, _, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, err := decodeImage(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return planes(resize(img, shape[1], shape[2]), shape[0]), nil
}

// decodeConfig reads a picture's header and holds the size that it declares
// against the limits.
func decodeConfig(f *os.File) (image.Config, error) {
	cfg, _, err := image.DecodeConfig(f)
	if err != nil {
		return cfg, fmt.Errorf("not a readable PNG or JPEG picture: %w", err)
	}
	if cfg.Width < 1 || cfg.Height < 1 {
		return cfg, fmt.Errorf("a picture of %d × %d pixels; need at least one", cfg.Width, cfg.Height)
	}
	if cfg.Width > MaxSide || cfg.Height > MaxSide || cfg.Width*cfg.Height > MaxPixels {
		return cfg, fmt.Errorf("a picture of %d × %d pixels; the largest that is read has %d pixels and sides of %d",
			cfg.Width, cfg.Height, MaxPixels, MaxSide)
	}
	return cfg, nil
}

func decodeImage(f *os.File) (image.Image, error) {
	if _, err := decodeConfig(f); err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("damaged or truncated picture: %w", err)
	}
	return img, nil
}

// resize draws a picture over white at height × width.
func resize(img image.Image, height, width int) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(dst, dst.Bounds(), image.White, image.Point{}, draw.Src)
	if img.Bounds().Size() == dst.Bounds().Size() {
		draw.Draw(dst, dst.Bounds(), img, img.Bounds().Min, draw.Over)
	} else {
		draw.CatmullRom.Scale(dst, dst.Bounds(), img, img.Bounds(), draw.Over, nil)
	}
	return dst
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
