package tensorboard

import (
	"bytes"
	"image"
	"image/png"

	"google.golang.org/protobuf/encoding/protowire"
)

type fieldNumber = protowire.Number

// Fields of a Summary and its values (tensorflow/core/framework/summary.proto).
const (
	summaryValue = 1

	valueTag       = 1
	valueScalar    = 2
	valueImage     = 4
	valueHistogram = 5
	valueTensor    = 8
	valueMetadata  = 9
)

// summary collects an event with one value of a tag: the field num, which write appends.
func (w *Writer) summary(tag string, step int, write func(value *message)) {
	var m message
	m.set(summaryValue, tagged(tag, write))
	w.event(step, eventSummary, m)
}

func tagged(tag string, write func(value *message)) (value message) {
	value.text(valueTag, tag)
	write(&value)
	return value
}

// Scalar writes a number of a series, in single precision, as TensorBoard keeps it.
func (w *Writer) Scalar(tag string, step int, v float64) {
	w.summary(tag, step, func(value *message) { value.setFloat(valueScalar, float32(v)) })
}

// Image writes a picture, as PNG.
func (w *Writer) Image(tag string, step int, img image.Image) error {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return err
	}
	w.png(tag, step, img.Bounds().Size(), b.Bytes())
	return nil
}

// png writes a picture that is encoded already.
func (w *Writer) png(tag string, step int, size image.Point, encoded []byte) {
	const height, width, colorspace, content = 1, 2, 3, 4
	const rgb = 3 // channels
	var m message
	m.int(height, int64(size.Y))
	m.int(width, int64(size.X))
	m.int(colorspace, rgb)
	m.set(content, encoded)
	w.summary(tag, step, func(value *message) { value.set(valueImage, m) })
}

// Text writes a text in Markdown.
func (w *Writer) Text(tag string, step int, markdown string) {
	w.summary(tag, step, func(value *message) { setMarkdown(value, markdown) })
}

// textValue is the value that Text writes.
func textValue(tag, markdown string) []byte {
	return tagged(tag, func(value *message) { setMarkdown(value, markdown) })
}

func setMarkdown(value *message, markdown string) {
	const stringValue = 8
	tensor := tensorOf(dtString)
	tensor.setText(stringValue, markdown)
	value.set(valueTensor, tensor)
	value.set(valueMetadata, metadataOf("text", nil))
}

// Types of elements (tensorflow/core/framework/types.proto).
const (
	dtFloat  = 1
	dtString = 7
)

// tensorOf begins a tensor of a shape.
func tensorOf(dtype int64, shape ...int) message {
	const tensorType, tensorShape = 1, 2
	var m message
	m.int(tensorType, dtype)
	m.set(tensorShape, shapeOf(shape...))
	return m
}

// shapeOf is a TensorShapeProto. A size of -1 is not known.
func shapeOf(sizes ...int) message {
	const shapeDim, dimSize = 2, 1
	var m message
	for _, n := range sizes {
		var dim message
		dim.int(dimSize, int64(n))
		m.set(shapeDim, dim)
	}
	return m
}

// metadataOf says which plugin of TensorBoard shows a tensor, and what is for the plugin alone.
func metadataOf(plugin string, content []byte) message {
	const pluginData, pluginName, pluginContent = 1, 1, 2
	var p, m message
	p.text(pluginName, plugin)
	if len(content) > 0 {
		p.set(pluginContent, content)
	}
	m.set(pluginData, p)
	return m
}
