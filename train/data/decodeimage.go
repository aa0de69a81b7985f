package data

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	gojpeg "image/jpeg"
	_ "image/png" // a format that is read
	"io"
	"os"
	"runtime/debug"

	"github.com/gonn-toolkit/gonn/train/data/internal/jpeg"
	"github.com/gonn-toolkit/gonn/train/data/internal/png"
)

// decodeConfig reads a picture's header and holds the size that it declares
// against the limits, and against the size of the file.
func decodeConfig(f *os.File, size int64) (image.Config, error) {
	cfg, _, err := image.DecodeConfig(png.Bounded(f))
	if err != nil && isJPEG(f) { // whose components may be sampled as image/jpeg cannot read them
		cfg, err = otherConfig(f, size, err)
	}
	if err != nil {
		return cfg, fmt.Errorf("not a readable PNG or JPEG picture: %w", err)
	}
	return cfg, checkSize(cfg, size)
}

func otherConfig(f *os.File, size int64, refusal error) (image.Config, error) {
	b, err := wholeFile(f, size)
	if err != nil {
		return image.Config{}, err
	}
	cfg, err := jpeg.DecodeConfig(b)
	return cfg, better(err, refusal)
}

func checkSize(cfg image.Config, size int64) error {
	if cfg.Width < 1 || cfg.Height < 1 {
		return fmt.Errorf("a picture of %d × %d pixels; need at least one", cfg.Width, cfg.Height)
	}
	if cfg.Width > MaxSide || cfg.Height > MaxSide || cfg.Width*cfg.Height > MaxPixels {
		return fmt.Errorf("a picture of %d × %d pixels; the largest that is read has %d pixels and sides of %d",
			cfg.Width, cfg.Height, MaxPixels, MaxSide)
	}
	if n := decodedSize(cfg); n > inflatable(size) {
		return fmt.Errorf("a picture of %d × %d pixels takes %d bytes; the most that is decoded of a file of %d bytes is %d",
			cfg.Width, cfg.Height, n, size, inflatable(size))
	}
	return nil
}

// decodeImage decodes a picture. One that turns out to be damaged has taken little memory.
func decodeImage(f *os.File, size int64) (image.Image, error) {
	cfg, err := decodeConfig(f, size)
	if err != nil {
		return nil, err
	}
	var img image.Image
	if isJPEG(f) {
		img, err = decodeJPEG(f, size, cfg)
	} else {
		img, err = decodePNG(f, cfg)
	}
	if err != nil {
		return nil, fmt.Errorf("damaged or truncated picture: %w", err)
	}
	return img, nil
}

// decodePNG decodes a picture, which is checked before much memory is taken for it.
func decodePNG(f *os.File, cfg image.Config) (image.Image, error) {
	if decodedSize(cfg) > checkedFrom {
		if err := png.Check(fromStart(f)); err != nil {
			return nil, err
		}
	}
	img, _, err := image.Decode(png.Bounded(fromStart(f)))
	if err != nil {
		return nil, err
	}
	return img, checkPalette(img, cfg)
}

// checkPalette is an error if a picture has pixels of colours that are not in the palette of its
// header: image/png adds black for them.
func checkPalette(img image.Image, cfg image.Config) error {
	p, _ := img.(*image.Paletted)
	if declared, _ := cfg.ColorModel.(color.Palette); p != nil && len(p.Palette) > len(declared) {
		return fmt.Errorf("png: a pixel has colour %d of the palette, which has %d colours", len(p.Palette)-1, len(declared))
	}
	return nil
}

// decodeJPEG decodes with image/jpeg, and what that refuses, because its components are
// sampled as it cannot read them, or it is progressive with restart markers, with the
// package of our own. That a JPEG is damaged shows at its end at the latest, so what
// decoding takes is bounded.
func decodeJPEG(f *os.File, size int64, cfg image.Config) (image.Image, error) {
	b, err := wholeFile(f, size)
	if err != nil {
		return nil, err
	}
	if n := bytes.Count(b, []byte{0xff, 0xda}); n > jpeg.MaxScans {
		return nil, fmt.Errorf("%d scans, which take long to decode; the most that are read are %d: save it smaller, or not progressive", n, jpeg.MaxScans)
	}
	most := jpegBudget(size)
	here, there := jpeg.Memory(b)
	if there == 0 {
		there = 4 * 5 * int64(cfg.Width) * int64(cfg.Height) // all that image/jpeg could take
	}
	refusal := fmt.Errorf("decoding its %d × %d pixels takes %d bytes; the most for a file of %d bytes is %d: save it smaller, or not progressive",
		cfg.Width, cfg.Height, there, size, most)
	if there <= most {
		img, err := gojpeg.Decode(bytes.NewReader(b))
		if err == nil {
			return img, nil
		}
		refusal = err
		if there > checkedFrom {
			debug.FreeOSMemory() // both decoders' memory would be too much
		}
	}
	if here == 0 || here > most {
		return nil, refusal
	}
	img, err := jpeg.Decode(b)
	if err != nil {
		return nil, better(err, refusal)
	}
	return img, nil
}

// better is the error that says more of a JPEG that both decoders refuse: image/jpeg's
// if the file is damaged.
func better(err, refusal error) error {
	if unsupported := gojpeg.UnsupportedError(""); err != nil && !errors.As(refusal, &unsupported) {
		return refusal
	}
	return err
}

// checkWhole reads a file to the end of the picture, without decoding it.
func checkWhole(path string) error {
	f, _, err := openRegular(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if !isJPEG(f) {
		err = png.Check(f)
	} else if !jpeg.Ends(f) {
		err = errors.New("jpeg: truncated")
	}
	if err != nil {
		return fmt.Errorf("%s: damaged or truncated picture: %w", path, err)
	}
	return nil
}

func isJPEG(f io.ReaderAt) bool {
	var head [2]byte
	_, err := f.ReadAt(head[:], 0)
	return err == nil && head == [2]byte{0xff, 0xd8}
}

func fromStart(f *os.File) io.Reader { return io.NewSectionReader(f, 0, MaxBytes) }

func wholeFile(f *os.File, size int64) ([]byte, error) {
	b := make([]byte, size)
	_, err := io.ReadFull(fromStart(f), b)
	return b, err
}
