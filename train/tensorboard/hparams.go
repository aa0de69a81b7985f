package tensorboard

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// Hparam is a setting of a training. Value is a bool or a number, or is spelled as text.
type Hparam struct {
	Name  string
	Value any
}

// Status is how a training has ended.
type Status int

// The statuses that TensorBoard knows (tensorboard/plugins/hparams/api.proto).
const (
	Unknown Status = iota
	Success
	Failure
	Running
)

// Tags of the HPARAMS tab (tensorboard/plugins/hparams/metadata.py).
const (
	sessionStartTag = "_hparams_/session_start_info"
	sessionEndTag   = "_hparams_/session_end_info"
)

// Hparams writes the settings of a training, once for each run. TensorBoard's HPARAMS tab shows
// runs with their settings beside the last values of their scalars.
func (w *Writer) Hparams(settings []Hparam) {
	const sessionStart, hparam, startTime = 3, 1, 5
	settings = slices.Clone(settings)
	slices.SortFunc(settings, func(a, b Hparam) int { return cmp.Compare(a.Name, b.Name) })
	var m message
	for _, s := range settings {
		m.set(hparam, entryOf(s.Name, valueOf(s.Value)))
	}
	m.double(startTime, seconds(w.now()))
	w.hparams(sessionStartTag, 0, sessionStart, m)
}

// End writes how a training has ended, after so many steps.
func (w *Writer) End(step int, s Status) {
	const sessionEnd, status, endTime = 4, 1, 2
	var m message
	m.int(status, int64(s))
	m.double(endTime, seconds(w.now()))
	w.hparams(sessionEndTag, step, sessionEnd, m)
}

// hparams writes what is the field num of HParamsPluginData. It is metadata of an empty tensor.
func (w *Writer) hparams(tag string, step int, num fieldNumber, content message) {
	var data message
	data.set(num, content)
	w.summary(tag, step, func(value *message) {
		value.set(valueTensor, tensorOf(dtFloat, 0))
		value.set(valueMetadata, metadataOf("hparams", data))
	})
}

// entryOf is an entry of a map whose keys are strings.
func entryOf(key string, value message) message {
	var m message
	m.setText(1, key)
	m.set(2, value)
	return m
}

// valueOf is a google.protobuf.Value, whose numbers are doubles.
func valueOf(x any) message {
	const number, text, boolean = 2, 3, 4
	var m message
	switch v := reflect.ValueOf(x); {
	case v.Kind() == reflect.Bool:
		m.setBool(boolean, v.Bool())
	case v.CanInt():
		m.setDouble(number, float64(v.Int()))
	case v.CanUint():
		m.setDouble(number, float64(v.Uint()))
	case v.CanFloat():
		m.setDouble(number, v.Float())
	default:
		m.setText(text, fmt.Sprint(x))
	}
	return m
}
