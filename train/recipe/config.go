package recipe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/gonn-toolkit/gonn/train/run"
)

// maxConfig is the largest file of settings that is read, in bytes.
const maxConfig = 1 << 20

// ReadConfig reads settings from a JSON file: an object with the names of run.Settings, or
// the run.json of a run. What the file does not say is as in Default; what a run found out
// about its data, its version and the values it started from is left out. A name that it
// does not know is an error, because it would be a setting that goes unheeded.
func ReadConfig(path string) (run.Settings, error) {
	b, err := readSmall(path)
	if err != nil {
		return run.Settings{}, err
	}
	var whole struct {
		Settings json.RawMessage `json:"settings"`
	}
	if err := json.Unmarshal(b, &whole); err == nil && whole.Settings != nil {
		b = whole.Settings
	}
	s := Default()
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return run.Settings{}, fmt.Errorf("%s: %w: need a JSON object of settings, or the run.json of a run", path, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return run.Settings{}, fmt.Errorf("%s: there is more after the end of the settings", path)
	}
	s.Gonn, s.DataSHA256, s.NetSHA256, s.ClassNames = "", "", "", ""
	return s, nil
}

func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a regular file", path)
	case info.Size() > maxConfig:
		return nil, fmt.Errorf("%s: %d bytes; the largest file of settings that is read has %d", path, info.Size(), maxConfig)
	}
	return os.ReadFile(path)
}
