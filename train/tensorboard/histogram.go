package tensorboard

import "math"

// Buckets is the number of buckets of a histogram, as in tf.summary.histogram.
const Buckets = 30

// Histogram writes the distribution of values in 30 buckets of equal width from the least to the
// greatest, the greatest included, as tf.summary.histogram divides them. Values that are all equal
// are one bucket. NaN and infinities are left out; if nothing else is there, nothing is written.
func (w *Writer) Histogram(tag string, step int, values []float32) {
	h := histogramOf(values)
	if h.num > 0 {
		w.summary(tag, step, func(value *message) { value.set(valueHistogram, h.encode()) })
	}
}

// histogram is a HistogramProto (tensorflow/core/framework/histogram.proto): limits are the right
// ends of buckets.
type histogram struct {
	min, max, num, sum, squares float64
	limits, counts              []float64
}

func histogramOf(values []float32) histogram {
	h := histogram{min: math.Inf(1), max: math.Inf(-1)}
	for _, f := range values {
		if f-f != 0 {
			continue
		}
		v := float64(f)
		h.min, h.max = min(h.min, v), max(h.max, v)
		h.num++
		h.sum += v
		h.squares += v * v
	}
	switch {
	case h.num == 0:
	case h.min == h.max:
		h.limits, h.counts = []float64{h.max}, []float64{h.num}
	default:
		h.count(values)
	}
	return h
}

// count fills the buckets.
func (h *histogram) count(values []float32) {
	h.limits, h.counts = make([]float64, Buckets), make([]float64, Buckets)
	width := h.max - h.min
	for i := range h.limits {
		h.limits[i] = h.min + width*float64(i+1)/Buckets
	}
	h.limits[Buckets-1] = h.max
	for _, f := range values {
		if f-f == 0 {
			i := int((float64(f) - h.min) / width * Buckets)
			h.counts[min(i, Buckets-1)]++
		}
	}
}

func (h *histogram) encode() message {
	var m message
	m.double(1, h.min)
	m.double(2, h.max)
	m.double(3, h.num)
	m.double(4, h.sum)
	m.double(5, h.squares)
	m.doubles(6, h.limits)
	m.doubles(7, h.counts)
	return m
}
