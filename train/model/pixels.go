package model

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train/data"
)

// ScalesPixels reports whether the network scales pixels itself, as x/255, although it is
// given them scaled already: how gives what it does. Then Normalize should be 0:1:1, which
// gives pixels as they are, 0 to 255.
func (m *Model) ScalesPixels() (how string, twice bool) {
	n, err := data.ParseNorm(m.Normalize)
	if m.Normalize != "" && (err != nil || n.Scale != 0 && n.Scale*255 > 1.5) {
		return "", false
	}
	var p onnxio.PixelScaling
	switch {
	case m.Foreign == nil:
		p, twice = onnxio.PixelScale(m.Net)
	case m.Foreign.Head != nil && !m.Foreign.Head.TakesPixels():
		p, twice = onnxio.GraphPixelScale(m.Foreign.Model)
	}
	return p.String(), twice
}

// PixelNotes warn of pixels that are scaled twice, before the model runs on pictures.
func (m *Model) PixelNotes() []string {
	how, twice := m.ScalesPixels()
	if !twice {
		return nil
	}
	return []string{fmt.Sprintf("%s scales pixels itself (%s), and they are divided by 255 before: if it was trained on pixels from 0 to 255, use --scale 1 (with train --normalize 0:1:1)", m.Name, how)}
}
