package data

import (
	"fmt"
	"image"
	"image/color"
	"io"
	"strings"

	"github.com/gonn-toolkit/gonn/train/data/internal/png"
)

// pictureInfo is what a picture's header says.
type pictureInfo struct {
	height, width int
	grey          bool
	size          int64 // of the file, in bytes
	decoded       int64 // about the bytes of all pixels when they are decoded
}

// readPictureInfo reads a picture's header and holds its size against a limit.
func readPictureInfo(path string, limit int) (pictureInfo, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return pictureInfo{}, err
	}
	defer f.Close()
	cfg, err := decodeConfig(f, size)
	if err == nil && cfg.Width*cfg.Height > limit {
		err = fmt.Errorf("a picture of %d × %d pixels; the largest of a set has %d", cfg.Width, cfg.Height, limit)
	}
	if err != nil {
		return pictureInfo{}, fmt.Errorf("%s: %w", path, err)
	}
	return pictureInfo{cfg.Height, cfg.Width, isGrey(cfg.ColorModel) || isGreyWithAlpha(f), size, decodedSize(cfg)}, nil
}

// decodedSize is about what all pixels take when they are decoded.
func decodedSize(cfg image.Config) int64 {
	each := int64(4)
	switch cfg.ColorModel {
	case color.GrayModel:
		each = 1
	case color.Gray16Model:
		each = 2
	case color.YCbCrModel:
		each = 3
	case color.RGBA64Model, color.NRGBA64Model:
		each = 8
	}
	if _, ok := cfg.ColorModel.(color.Palette); ok {
		each = 1
	}
	return each * int64(cfg.Width) * int64(cfg.Height)
}

func isGrey(m color.Model) bool {
	palette, ok := m.(color.Palette)
	if !ok {
		return m == color.GrayModel || m == color.Gray16Model
	}
	for _, c := range palette {
		if r, g, b, _ := c.RGBA(); r != g || g != b {
			return false
		}
	}
	return true
}

// isGreyWithAlpha reports whether a file is a PNG picture of grey and alpha, colour
// type 4, for which image/png gives a colour model of colours.
func isGreyWithAlpha(f io.ReaderAt) bool {
	var head [26]byte
	_, err := f.ReadAt(head[:], 0)
	return err == nil && string(head[:len(png.Signature)]) == png.Signature && head[25] == 4
}

// withoutPath is an error's text without the path at its beginning.
func withoutPath(err error, path string) string {
	return strings.TrimPrefix(reason(err).Error(), path+": ")
}
