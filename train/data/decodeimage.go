package data

import (
	"errors"
	"fmt"
	"image"
	gojpeg "image/jpeg"
	_ "image/png" // a format that is read
	"io"
	"os"

	"github.com/gonn-toolkit/gonn/train/data/internal/jpeg"
)

// decodeConfig reads a picture's header and holds the size that it declares
// against the limits.
func decodeConfig(f *os.File) (image.Config, error) {
	cfg, _, err := image.DecodeConfig(f)
	if err != nil {
		cfg, err = otherwise(f, err, jpeg.DecodeConfig)
	}
	if err != nil {
		return cfg, fmt.Errorf("not a readable PNG or JPEG picture: %w", err)
	}
	return cfg, checkSize(cfg)
}

func checkSize(cfg image.Config) error {
	if cfg.Width < 1 || cfg.Height < 1 {
		return fmt.Errorf("a picture of %d × %d pixels; need at least one", cfg.Width, cfg.Height)
	}
	if cfg.Width > MaxSide || cfg.Height > MaxSide || cfg.Width*cfg.Height > MaxPixels {
		return fmt.Errorf("a picture of %d × %d pixels; the largest that is read has %d pixels and sides of %d",
			cfg.Width, cfg.Height, MaxPixels, MaxSide)
	}
	return nil
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
		img, err = otherwise(f, err, decodeJPEG)
	}
	if err != nil {
		return nil, fmt.Errorf("damaged or truncated picture: %w", err)
	}
	return img, nil
}

// otherwise reads a JPEG that image/jpeg has refused, because its components are
// sampled as that cannot read them, or it is progressive with restart markers. The
// error is image/jpeg's if the file is damaged.
func otherwise[T any](f *os.File, refusal error, decode func([]byte) (T, error)) (v T, err error) {
	var head [2]byte
	if _, err := f.ReadAt(head[:], 0); err != nil || head != [2]byte{0xff, 0xd8} {
		return v, refusal
	}
	b, err := io.ReadAll(io.NewSectionReader(f, 0, MaxBytes))
	if err != nil {
		return v, err
	}
	v, err = decode(b)
	if unsupported := gojpeg.UnsupportedError(""); err != nil && !errors.As(refusal, &unsupported) {
		err = refusal
	}
	return v, err
}

// decodeJPEG is jpeg.Decode within the limits.
func decodeJPEG(b []byte) (image.Image, error) {
	cfg, err := jpeg.DecodeConfig(b)
	if err == nil {
		err = checkSize(cfg)
	}
	if err != nil {
		return nil, err
	}
	return jpeg.Decode(b)
}
