// Package jpeg decodes JPEG pictures whose components are sampled in any way, among
// them those that image/jpeg refuses (golang/go#54997, #62421): baseline, extended and
// progressive, Huffman-coded, of 8 bits, with one, three or four components. It is
// slower than image/jpeg, and meant for what that cannot read.
//
// The standard is ITU-T T.81; JFIF is T.871, and Adobe's marker is T.872, 6.5.3.
package jpeg

import (
	"fmt"
	"image"
	"image/color"
)

// MaxScans bounds the work for a file: encoders write about ten.
const MaxScans = 200

// decoder is the state of a picture that is read.
type decoder struct {
	data []byte
	at   int // of the next byte

	height, width int
	progressive   bool
	components    []*component
	hMax, vMax    int // the largest sampling factors
	quant         [4]*[64]int32
	huffman       [2][4]*huffman // DC, AC
	restart       int            // MCUs between restart markers; 0 is none
	scans         int

	jfif, adobe bool
	transform   byte // Adobe's: 0 is RGB or CMYK, 1 YCbCr, 2 YCCK
}

// component is one plane of the picture.
type component struct {
	id           byte
	h, v         int // sampling factors
	quant        byte
	cols, rows   int         // blocks that hold samples of the picture
	stride       int         // blocks a row, a whole number of MCUs
	coefficients [][64]int16 // block by block, in the order of the rows, not zigzag
	table        *[64]int32  // for dequantization, as it was at the first scan
	samples      []byte      // 8·stride a line
	dc           int32       // of the block before, while a scan is read
	tables       [2]*huffman // of the scan that is read
}

// DecodeConfig reads the size and the colour model of a picture.
func DecodeConfig(data []byte) (image.Config, error) {
	d := &decoder{data: data}
	if err := d.segments(true); err != nil {
		return image.Config{}, err
	}
	return image.Config{ColorModel: d.model(), Width: d.width, Height: d.height}, nil
}

// Decode reads a picture: an *image.Gray, an *image.RGBA or an *image.CMYK. Its memory
// is in proportion to width × height.
func Decode(data []byte) (image.Image, error) {
	d := &decoder{data: data}
	if err := d.segments(false); err != nil {
		return nil, err
	}
	for _, c := range d.components {
		if c.table == nil {
			return nil, fmt.Errorf("jpeg: no scan of component %d", c.id)
		}
		c.transform()
	}
	return d.picture(), nil
}

func (d *decoder) model() color.Model {
	switch len(d.components) {
	case 1:
		return color.GrayModel
	case 3:
		return color.RGBAModel
	}
	return color.CMYKModel
}

// Markers, T.81 table B.1.
const (
	soi, eoi, sos, dqt, dht, dri             = 0xd8, 0xd9, 0xda, 0xdb, 0xc4, 0xdd
	sofBaseline, sofExtended, sofProgressive = 0xc0, 0xc1, 0xc2
	app0, app14                              = 0xe0, 0xee
)

// segments reads marker after marker until the picture ends, or its frame header is
// read.
func (d *decoder) segments(configOnly bool) error {
	if len(d.data) < 2 || d.data[0] != 0xff || d.data[1] != soi {
		return fmt.Errorf("jpeg: does not start with ff d8")
	}
	d.at = 2
	for {
		marker, ok := d.marker()
		if !ok {
			return errTruncated
		}
		if marker == eoi {
			break
		}
		body, err := d.body(marker)
		if err != nil {
			return err
		}
		if err := d.segment(marker, body); err != nil {
			return err
		}
		if configOnly && d.components != nil {
			return nil
		}
	}
	if d.scans == 0 {
		return fmt.Errorf("jpeg: no picture before the end")
	}
	return nil
}

var errTruncated = fmt.Errorf("jpeg: truncated")

// marker finds the next marker that has a body, or the end; bytes before it are
// passed over.
func (d *decoder) marker() (byte, bool) {
	for ; d.at+1 < len(d.data); d.at++ {
		m := d.data[d.at+1]
		stuffed := m == 0 || m == 0xff
		alone := m == 1 || m >= 0xd0 && m <= 0xd8 // TEM, restarts, another start
		if d.data[d.at] == 0xff && !stuffed && !alone {
			d.at += 2
			return m, true
		}
	}
	return 0, false
}

// body is a segment's bytes after its length.
func (d *decoder) body(marker byte) ([]byte, error) {
	if d.at+2 > len(d.data) {
		return nil, errTruncated
	}
	n := int(d.data[d.at])<<8 | int(d.data[d.at+1])
	if n < 2 {
		return nil, fmt.Errorf("jpeg: segment %x has a length of %d", marker, n)
	}
	if d.at+n > len(d.data) {
		return nil, errTruncated
	}
	body := d.data[d.at+2 : d.at+n]
	d.at += n
	return body, nil
}

func (d *decoder) segment(marker byte, body []byte) error {
	switch marker {
	case sofBaseline, sofExtended, sofProgressive:
		d.progressive = marker == sofProgressive
		return d.frame(body)
	case dqt:
		return d.quantTables(body)
	case dht:
		return d.huffmanTables(body)
	case dri:
		if len(body) != 2 {
			return fmt.Errorf("jpeg: a restart interval of %d bytes", len(body))
		}
		d.restart = int(body[0])<<8 | int(body[1])
	case sos:
		return d.scan(body)
	case app0:
		d.jfif = d.jfif || len(body) >= 5 && string(body[:5]) == "JFIF\x00"
	case app14:
		if len(body) >= 12 && string(body[:5]) == "Adobe" {
			d.adobe, d.transform = true, body[11]
		}
	default:
		if marker >= 0xc3 && marker <= 0xcf && marker != 0xc8 {
			return fmt.Errorf("jpeg: lossless, hierarchical or arithmetic coding (%x); need baseline or progressive", marker)
		}
	}
	return nil
}
