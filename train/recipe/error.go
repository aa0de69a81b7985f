package recipe

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

// wrong makes a SettingError of a value and what is wrong with it.
func wrong(setting string, value any, format string, args ...any) error {
	return &SettingError{setting, fmt.Sprint(value), fmt.Errorf(format, args...)}
}

// of makes a SettingError of an error that tells the value.
func of(setting string, err error) error { return &SettingError{Setting: setting, Err: err} }
