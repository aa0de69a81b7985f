package train

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"strconv"

	"github.com/gonn-toolkit/gonn/train/internal/strictjson"
)

// MarshalJSON writes an object with the values in their order:
//
//	{"epoch":1,"loss":0.25,"accuracy":0.9375}
//
// Numbers that JSON does not have are the strings "NaN", "Infinity" and "-Infinity", as in
// the JSON form of protocol buffers.
func (m EpochMetrics) MarshalJSON() ([]byte, error) {
	b := strconv.AppendInt([]byte(`{"epoch":`), int64(m.Epoch), 10)
	for _, v := range m.Values {
		name, err := json.Marshal(v.Name)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, ','), name...), ':')
		if b, err = appendNumber(b, v.Value); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendNumber(b []byte, v float64) ([]byte, error) {
	var value any = v
	switch {
	case math.IsNaN(v):
		value = "NaN"
	case math.IsInf(v, 1):
		value = "Infinity"
	case math.IsInf(v, -1):
		value = "-Infinity"
	}
	text, err := json.Marshal(value)
	return append(b, text...), err
}

// UnmarshalJSON reads what MarshalJSON writes. A name that is there twice and a value that is
// no number are errors. It passes over "validated", which runs of older versions have.
func (m *EpochMetrics) UnmarshalJSON(b []byte) error {
	if !bytes.HasPrefix(b, []byte("{")) {
		return fmt.Errorf("an epoch is %.40s, need an object", b)
	}
	members, err := strictjson.MembersOfValid(b)
	if err != nil {
		return err
	}
	*m = EpochMetrics{Epoch: -1, Values: make([]Value, 0, 8)}
	for name, text := range members {
		switch name {
		case "epoch":
			if m.Epoch >= 0 {
				return errors.New("an epoch has its number twice")
			}
			if m.Epoch, err = strconv.Atoi(string(text)); err != nil || m.Epoch < 0 {
				return fmt.Errorf("epoch is %.40s, need a whole number", text)
			}
		case "validated":
		default:
			v, err := parseNumber(string(text))
			if err != nil {
				return fmt.Errorf("%.100q is %.40s, need a number", name, text)
			}
			m.Values = append(m.Values, Value{name, v})
		}
	}
	if m.Epoch < 0 {
		return errors.New("an epoch without its number")
	}
	m.Values = slices.Clone(m.Values) // without the room to grow that append leaves
	return m.checkNames()
}

// parseNumber reads a JSON number or the name of one that JSON does not have.
func parseNumber(text string) (float64, error) {
	switch text {
	case `"NaN"`:
		return math.NaN(), nil
	case `"Infinity"`:
		return math.Inf(1), nil
	case `"-Infinity"`:
		return math.Inf(-1), nil
	}
	if c := text[0]; c != '-' && (c < '0' || c > '9') { // "null", or one that only ParseFloat takes for a number
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(text, 64)
}

// checkNames is an error if two values have one name. It sorts hashes first: names of a file that is
// made to take long would cost a multiple.
func (m *EpochMetrics) checkNames() error {
	seed, hashes := maphash.MakeSeed(), make([]uint64, len(m.Values))
	for i, v := range m.Values {
		hashes[i] = maphash.String(seed, v.Name)
	}
	slices.Sort(hashes)
	if len(slices.Compact(hashes)) == len(m.Values) {
		return nil
	}
	names := make([]string, len(m.Values))
	for i, v := range m.Values {
		names[i] = v.Name
	}
	slices.Sort(names)
	for i := 1; i < len(names); i++ {
		if names[i] == names[i-1] {
			return fmt.Errorf("%.100q is there twice in an epoch", names[i])
		}
	}
	return nil
}
