package run

import (
	"fmt"
	"strings"
)

// SettingError is an error about what settings ask for.
type SettingError struct {
	Setting string // by its name in run.json, as "weight_decay"; "" if Err says which it is
	Value   string // as it was given; "" if Err says it
	Err     error
}

func (e *SettingError) Error() string {
	text := e.Err.Error()
	switch {
	case e.Setting == "":
		return text
	case e.Value == "":
		return e.Setting + ": " + strings.TrimPrefix(strings.TrimPrefix(text, e.Setting+": "), e.Setting+" ")
	}
	return fmt.Sprintf("%s %s: %s", e.Setting, e.Value, text)
}

func (e *SettingError) Unwrap() error { return e.Err }
