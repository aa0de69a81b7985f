package run

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/train/internal/strictjson"
)

// ReadSettings reads settings from a file: a whole run.json, or an object with settings
// alone under the names that they have there, such as {"act": "mish", "epochs": 3}. What
// such an object leaves out stays as in defaults; a run.json says everything. Paths stay
// as they are written.
//
// The settings are checked for names and types. A field that is none, a schema that is not known
// and anything but one object are errors that name the file. With ErrNoDecay the settings are given,
// for a caller that changes the optimizer or the weight decay.
func ReadSettings(path string, defaults Settings) (Settings, error) {
	b, err := readFile(path, "need a JSON file with settings, such as the run.json of a run", maxRecord)
	if err != nil {
		return Settings{}, err
	}
	s, err := parseSettings(b, defaults)
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
		if !errors.Is(err, ErrNoDecay) {
			s = Settings{}
		}
	}
	return s, err
}

// ErrNoDecay is the error of a weight decay that a file says to be 0 where that stands for a
// default.
var ErrNoDecay = errors.New("weight_decay is 0, and adamw without weight decay is adam: choose the optimizer adam")

func parseSettings(b []byte, defaults Settings) (Settings, error) {
	if err := checkSchema(b); err != nil {
		return Settings{}, err
	}
	var inner []byte // the settings of a whole run.json
	if string(bytes.TrimSpace(b)) == "null" {
		return Settings{}, fmt.Errorf("the file holds null, need an object with settings")
	}
	members, err := strictjson.Members(b)
	if err != nil {
		return Settings{}, err
	}
	for name, value := range members {
		if name == "settings" && string(value) == "null" {
			return Settings{}, fmt.Errorf("settings is null, need an object")
		}
		if name == "settings" {
			inner = value
		}
	}
	if inner != nil {
		var r record
		if err := strictjson.Decode(b, &r); err != nil {
			return r.Settings, err
		}
		return r.Settings, checkDecay(inner, &r.Settings)
	}
	bare := struct {
		Schema int `json:"schema"`
		*Settings
	}{Settings: &defaults}
	if err := strictjson.Decode(b, &bare); err != nil {
		return defaults, err
	}
	return defaults, checkDecay(b, &defaults)
}

// checkDecay refuses a weight decay that a text of settings says to be 0 and that a run would
// replace by the optimizer's default. A learning rate of 0 asks for that.
func checkDecay(text []byte, s *Settings) error {
	members, err := strictjson.MembersOfValid(text)
	if err != nil {
		return err
	}
	optimizer, _, _ := strings.Cut(s.Optimizer, ":")
	for name := range members {
		if name == "weight_decay" && s.WeightDecay == 0 && optimizer == "adamw" {
			return ErrNoDecay
		}
	}
	return nil
}
