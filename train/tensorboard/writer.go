package tensorboard

import (
	"io"
	"time"
)

// Writer writes events. They are collected until Flush, so that each call of Write has whole
// records.
//
// A step of a series is to be written once, and steps come in ascending order.
type Writer struct {
	to  io.Writer
	buf []byte
	now func() time.Time
}

// NewWriter returns a Writer of a new event file, which begins with the version of its format.
func NewWriter(to io.Writer) *Writer {
	w := &Writer{to: to, now: time.Now}
	w.version()
	return w
}

// Flush writes the events since the last one.
func (w *Writer) Flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	_, err := w.to.Write(w.buf)
	w.buf = w.buf[:0]
	return err
}

// Fields of an Event (tensorflow/core/util/event.proto).
const (
	eventTime       = 1
	eventStep       = 2
	eventVersion    = 3
	eventGraph      = 4
	eventSummary    = 5
	eventSessionLog = 7
)

// event collects an event: what it is, is the field num with content.
func (w *Writer) event(step int, num fieldNumber, content []byte) {
	var m message
	m.double(eventTime, seconds(w.now()))
	m.int(eventStep, int64(step))
	m.set(num, content)
	w.buf = appendRecord(w.buf, m)
}

// seconds are those since 1970.
func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

func (w *Writer) version() { w.event(0, eventVersion, []byte("brain.Event:2")) }

// session begins a session of training, as TensorFlow does: where it is not the first one of the
// files that TensorBoard has seen, TensorBoard forgets the events from this step on.
func (w *Writer) session(step int) {
	const sessionStatus, start = 1, 1
	var m message
	m.int(sessionStatus, start)
	w.event(step, eventSessionLog, m)
}
