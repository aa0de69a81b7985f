package comparepage

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"image"
	"image/png"
	"sync"
)

// mapPicture draws the errors of a map's cells, row by row.
func mapPicture(cells []float32, cols int) (template.URL, error) {
	img := image.NewPaletted(image.Rect(0, 0, cols, len(cells)/cols), palette())
	for i, e := range cells {
		img.Pix[i] = shadeOf(float64(e))
	}
	return dataURL(img)
}

// barHeight is the height of a bar of stripPicture in pixels.
const barHeight = 40

// stripPicture draws errors as bars, as high as their decade.
func stripPicture(errors []float32) (template.URL, error) {
	p := palette()
	img := image.NewPaletted(image.Rect(0, 0, len(errors), barHeight), p)
	for x, e := range errors {
		top := barHeight - 1 - int(depth(float64(e))/10*(barHeight-1))
		for y := range barHeight {
			k := uint8(len(p) - 1)
			if y >= top {
				k = shadeOf(float64(e))
			}
			img.SetColorIndex(x, y, k)
		}
	}
	return dataURL(img)
}

// encoder shares its buffers, which are far larger than a picture.
var encoder = png.Encoder{BufferPool: &buffers{}}

type buffers struct{ pool sync.Pool }

func (b *buffers) Get() *png.EncoderBuffer {
	buffer, _ := b.pool.Get().(*png.EncoderBuffer)
	return buffer
}

func (b *buffers) Put(buffer *png.EncoderBuffer) { b.pool.Put(buffer) }

func dataURL(img image.Image) (template.URL, error) {
	var b bytes.Buffer
	if err := encoder.Encode(&b, img); err != nil {
		return "", err
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), nil
}
