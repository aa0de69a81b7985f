package parity

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// ErrorMap is where the errors |a − b| of a tensor lie, relative to the largest |b|. A cell
// holds the largest error of its elements over all samples. Values of a sample that are no
// maps have one row of cells.
type ErrorMap struct {
	// Rows and Cols count the cells, at most MapCells each; Height and Width the elements of
	// a channel that they stand for. Features (C) are taken as one row of C elements.
	Rows, Cols, Height, Width int
	// Channel is the channel with the largest error, -1 for features.
	Channel int
	// Worst are the cells of that channel, or of the features, row by row.
	Worst []float32
	// Mean are the means over all channels of their cells; nil for features.
	Mean []float32
	// Channels are the largest errors of the channels, of which some share a cell if there
	// are more than MapCells; nil for features.
	Channels []float32
}

// MapCells is the largest number of cells of an ErrorMap in a row or column.
const MapCells = 64

// errorMapOf maps the errors of got against want, which has the same shape (N, C, …).
func errorMapOf(got, want *nn.Tensor) *ErrorMap {
	channels, height, width := planesOf(want.Shape[1:])
	m := &ErrorMap{Rows: min(height, MapCells), Cols: min(width, MapCells), Height: height, Width: width, Channel: -1}
	cells := m.Rows * m.Cols
	most := make([]float32, channels*cells) // by channel
	scale, size := scaleOf(want), channels*height*width
	for i, a := range got.Data {
		e := relativeError(a, want.Data[i], scale)
		if e == 0 {
			continue
		}
		at := i % size
		y, x := at/width%height, at%width
		cell := &most[at/(height*width)*cells+y*m.Rows/height*m.Cols+x*m.Cols/width]
		*cell = max(*cell, e)
	}
	if len(want.Shape) == 2 {
		m.Worst = most
		return m
	}
	m.Channel, m.Mean, m.Channels = 0, make([]float32, cells), make([]float32, min(channels, MapCells))
	var largest float32
	for c := range channels {
		for k, e := range most[c*cells : (c+1)*cells] {
			m.Mean[k] += e / float32(channels)
			share := &m.Channels[c*len(m.Channels)/channels]
			*share = max(*share, e)
			if e > largest {
				largest, m.Channel = e, c
			}
		}
	}
	m.Worst = most[m.Channel*cells : (m.Channel+1)*cells : (m.Channel+1)*cells]
	return m
}

// planesOf takes the shape of a sample as channels of maps.
func planesOf(s nn.Shape) (channels, height, width int) {
	switch len(s) {
	case 0:
		return 1, 1, 1
	case 1:
		return 1, 1, s[0]
	}
	height, width = 1, s[len(s)-1]
	for _, d := range s[1 : len(s)-1] {
		height *= d
	}
	return s[0], height, width
}

// relativeError is |a − b| relative to the scale: infinite where one side alone is no number.
func relativeError(a, b float32, scale float64) float32 {
	if a == b {
		return 0
	}
	e := math.Abs(float64(a)-float64(b)) / scale
	if math.IsNaN(e) {
		e = math.Inf(1)
	}
	return float32(e)
}
