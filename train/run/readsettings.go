package run

import (
	"bytes"
	"fmt"

	"github.com/gonn-toolkit/gonn/train/internal/strictjson"
)

// ReadSettings reads settings from a file: a whole run.json, or an object with settings
// alone under the names that they have there, such as {"act": "mish", "epochs": 3}. What
// such an object leaves out stays as in defaults; a run.json says everything. Paths stay
// as they are written.
//
// The settings are checked for names and types only. A field that is none, a schema that
// is not known and anything but one object are errors that name the file.
func ReadSettings(path string, defaults Settings) (Settings, error) {
	b, err := readFile(path, "need a JSON file with settings, such as the run.json of a run", maxRecord)
	if err != nil {
		return Settings{}, err
	}
	s, err := parseSettings(b, defaults)
	if err != nil {
		return Settings{}, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func parseSettings(b []byte, defaults Settings) (Settings, error) {
	if err := checkSchema(b); err != nil {
		return Settings{}, err
	}
	whole := false
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
		whole = whole || name == "settings"
	}
	if whole {
		var r record
		err := strictjson.Decode(b, &r)
		return r.Settings, err
	}
	bare := struct {
		Schema int `json:"schema"`
		*Settings
	}{Settings: &defaults}
	err = strictjson.Decode(b, &bare)
	return defaults, err
}
