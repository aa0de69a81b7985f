package recipe

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/train/run"
)

// SettingError is an error about what settings ask for.
type SettingError = run.SettingError

// wrong makes a SettingError of a value and what is wrong with it.
func wrong(setting string, value any, format string, args ...any) error {
	return &SettingError{Setting: setting, Value: fmt.Sprint(value), Err: fmt.Errorf(format, args...)}
}

// of makes a SettingError of an error that tells the value.
func of(setting string, err error) error { return &SettingError{Setting: setting, Err: err} }
