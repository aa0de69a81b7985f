package data

import (
	"fmt"
	"image"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/image/draw"

	"github.com/gonn-toolkit/gonn/nn"
)

// ResizeMode says what becomes of a picture whose width and height are in another
// proportion than those asked for.
type ResizeMode string

const (
	// Squash scales each axis on its own, so that the proportions change.
	Squash ResizeMode = "squash"
	// Crop scales the largest part in the middle that has the proportions asked for.
	Crop ResizeMode = "crop"
	// Pad scales the whole picture to fit and fills the rest, evenly on both sides,
	// with black.
	Pad ResizeMode = "pad"
)

var resizeModes = []ResizeMode{Squash, Crop, Pad}

// Resize says how pictures of any size become Height × Width. The zero Resize leaves
// them as they are. With a mode and no size, the size has to come from somewhere else,
// such as a network's input: see To.
type Resize struct {
	Mode          ResizeMode
	Height, Width int
}

// ParseResize reads "squash:28x28", "crop:32x24" (height × width), "pad:32" for a
// square, a size alone, which is squashed to, a mode alone, whose size has to come
// from To, and "" for the zero Resize.
func ParseResize(text string) (Resize, error) {
	if text == "" {
		return Resize{}, nil
	}
	wrong := fmt.Errorf("resize %q; need MODE:HEIGHTxWIDTH, as in squash:28x28, crop:32x32 or pad:32x32, with sides from 1 and at most %d pixels",
		text, MaxSetPixels)
	mode, size, both := strings.Cut(text, ":")
	r := Resize{Mode: ResizeMode(mode)}
	if !slices.Contains(resizeModes, r.Mode) {
		if both {
			return Resize{}, wrong
		}
		r.Mode, size, both = Squash, text, true
	}
	if !both {
		return r, nil
	}
	height, width, square := strings.Cut(size, "x")
	if !square {
		width = height
	}
	var errH, errW error
	r.Height, errH = strconv.Atoi(height)
	r.Width, errW = strconv.Atoi(width)
	if errH != nil || errW != nil || r.check() != nil {
		return Resize{}, wrong
	}
	return r, nil
}

// String is what ParseResize reads: "crop:32x24", "crop" without a size, "" for the
// zero Resize.
func (r Resize) String() string {
	if r.Height == 0 && r.Width == 0 {
		return string(r.Mode)
	}
	return fmt.Sprintf("%s:%dx%d", r.Mode, r.Height, r.Width)
}

// To is the Resize with the height and width of a shape (C, H, W), unless it has a
// size or is zero.
func (r Resize) To(shape nn.Shape) Resize {
	if r.Mode != "" && r.Height == 0 && len(shape) == 3 {
		r.Height, r.Width = shape[1], shape[2]
	}
	return r
}

// check holds a size against the limits.
func (r Resize) check() error {
	switch {
	case r.Mode != "" && !slices.Contains(resizeModes, r.Mode):
		return fmt.Errorf("resize: mode %q; need one of %q", string(r.Mode), resizeModes)
	case r.Height == 0 && r.Width == 0 && r.Mode != "":
		return fmt.Errorf("resize: %s without a size; need one, as in %s:32x32", r.Mode, r.Mode)
	case r != Resize{} && (min(r.Height, r.Width) < 1 || max(r.Height, r.Width) > MaxSide || r.Height*r.Width > MaxSetPixels):
		return fmt.Errorf("resize: %d × %d pixels; need sides from 1 to %d and at most %d pixels", r.Height, r.Width, MaxSide, MaxSetPixels)
	}
	return nil
}

// draw draws a picture over white, at the size and in the mode of r, by Catmull-Rom
// interpolation whose support grows as a picture shrinks. A picture of that size stays
// as it is.
func (r Resize) draw(img image.Image) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, r.Width, r.Height))
	from, to := r.parts(img.Bounds())
	if to != dst.Bounds() {
		draw.Draw(dst, dst.Bounds(), image.Black, image.Point{}, draw.Src)
	}
	draw.Draw(dst, to, image.White, image.Point{}, draw.Src)
	if from.Size() == to.Size() {
		draw.Draw(dst, to, img, from.Min, draw.Over)
	} else {
		draw.CatmullRom.Scale(dst, to, img, from, draw.Over, nil)
	}
	return dst
}

// parts are the part of a picture that is shown, and where it goes.
func (r Resize) parts(src image.Rectangle) (from, to image.Rectangle) {
	from, to = src, image.Rect(0, 0, r.Width, r.Height)
	switch r.Mode {
	case Crop:
		return middle(src, fitting(src.Dx(), src.Dy(), r.Width, r.Height)), to
	case Pad:
		return src, middle(to, fitting(r.Width, r.Height, src.Dx(), src.Dy()))
	}
	return from, to
}

// fitting is the largest size within width × height in the proportions of w × h.
func fitting(width, height, w, h int) image.Point {
	if width*h > height*w {
		return image.Pt(max(1, (2*height*w+h)/(2*h)), height)
	}
	return image.Pt(width, max(1, (2*width*h+w)/(2*w)))
}

// middle is the rectangle of a size in the middle of another one.
func middle(r image.Rectangle, size image.Point) image.Rectangle {
	at := r.Min.Add(r.Size().Sub(size).Div(2))
	return image.Rectangle{at, at.Add(size)}
}

// Resized is the set with every picture resized, of one or three channels: the set
// itself if r is zero or its pictures have that size.
func (m *Images) Resized(r Resize) (*Images, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if r == (Resize{}) || r.Height == m.shape[1] && r.Width == m.shape[2] {
		return m, nil
	}
	channels := m.shape[0]
	if channels != 1 && channels != 3 {
		return nil, fmt.Errorf("resize: pictures of shape %v; need (1, H, W) or (3, H, W)", m.shape)
	}
	shape := nn.Shape{channels, r.Height, r.Width}
	need := int64(m.Len()) * int64(shape.Size())
	if need > MaxBytes {
		return nil, fmt.Errorf("resize: %d pictures of shape %v: more than the %d bytes that are kept", m.Len(), shape, MaxBytes)
	}
	pixels := make([]byte, 0, need)
	for i := range m.Len() {
		pixels = append(pixels, planes(r.draw(m.image(i)), channels)...)
	}
	return NewImages(shape, pixels, m.labels, m.classes)
}

// image is picture i of one or three channels.
func (m *Images) image(i int) image.Image {
	height, width := m.shape[1], m.shape[2]
	p, size := m.Pixels(i), height*width
	if m.shape[0] == 1 {
		return &image.Gray{Pix: p, Stride: width, Rect: image.Rect(0, 0, width, height)}
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for k := range size {
		img.Pix[4*k], img.Pix[4*k+1], img.Pix[4*k+2], img.Pix[4*k+3] = p[k], p[size+k], p[2*size+k], 255
	}
	return img
}
