package run

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadSettingsOfARun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.Resize, set.Data, set.DataPath = "crop:32x32", "", "../data/here"
	mustFit(t, create(t, dir, set))
	path := filepath.Join(dir, recordFile)
	got, err := ReadSettings(path, Settings{Act: "mish", Augment: "flip", Momentum: 0.9})
	if err != nil || got != set {
		t.Errorf("got %+v and error %v, want %+v", got, err, set)
	}
	asOld(t, dir)
	text := files(t, dir)[recordFile]
	write(t, path, strings.Replace(text, "  \"schema\": 1,\n", "", 1)) // an older run
	if got, err := ReadSettings(path, Settings{}); err != nil || got != set {
		t.Errorf("without a schema: got %+v and error %v", got, err)
	}
	again := filepath.Join(filepath.Dir(dir), "again")
	mustFit(t, create(t, again, got))
	if files(t, again)[modelFile] != files(t, dir)[modelFile] {
		t.Error("the settings of a run do not give the same run")
	}
}

func TestReadSettingsAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	for text, change := range map[string]func(*Settings){
		`{}`:                               func(*Settings) {},
		"{\"act\": \"mish\", \"lr\": 0}\n": func(s *Settings) { s.Act, s.LR = "mish", 0 },
		`{"optimizer": "adam", "weight_decay": 0}`:              func(s *Settings) { s.Optimizer, s.WeightDecay = "adam", 0 },
		`{"schema": 1, "patience": 0, "data_path": "./here"}`:   func(s *Settings) { s.Patience, s.DataPath = 0, "./here" },
		`{"settings": {"kink": "keras", "epochs": 7}}`:          func(s *Settings) { *s = Settings{Kink: "keras", Epochs: 7} },
		"\n {\"resize\": \"pad:8x8\", \"seed\":\n 1844674407} ": func(s *Settings) { s.Resize, s.Seed = "pad:8x8", 1844674407 },
	} {
		want := settings()
		change(&want)
		write(t, path, text)
		if got, err := ReadSettings(path, settings()); err != nil || got != want {
			t.Errorf("%s: got %+v and error %v, want %+v", text, got, err, want)
		}
	}
}

func TestReadSettingsRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	if _, err := ReadSettings(path, settings()); err == nil || !strings.Contains(err.Error(), path+" is missing: need a JSON file with settings") {
		t.Errorf("no file: error %v", err)
	}
	if _, err := ReadSettings(filepath.Dir(path), settings()); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a folder: error %v", err)
	}
	for text, want := range map[string]string{
		"":                                "the file ends within the JSON text",
		`{"act": "mish"`:                  "the file ends within the JSON text",
		"{\n\"act\": mish}":               "line 2: invalid character 'm' looking for beginning of value",
		"act: mish":                       "line 1: invalid character 'a'",
		`{"act": "mish"} {}`:              "line 1: there is more after the end",
		`[]`:                              "line 1: the file cannot be a JSON array",
		`null`:                            "the file holds null, need an object",
		`{"settings": null}`:              "settings is null, need an object",
		`{"settings": []}`:                "line 1: settings cannot be a JSON array",
		`{"sneed": 5}`:                    `unknown field "sneed"`,
		`{"settings": {"sneed": 5}}`:      `unknown field "sneed"`,
		`{"settings": {}, "act": "mish"}`: `unknown field "act"`,
		"{\n\n\"epochs\": \"5\"}":         "line 3: epochs cannot be a JSON string",
		`{"epochs": 2.5}`:                 "line 1: epochs cannot be a JSON number 2.5",
		`{"seed": -1}`:                    "line 1: seed cannot be a JSON number -1",
		`{"settings": {"nesterov": 1}}`:   "line 1: settings.nesterov cannot be a JSON number",
		`{"weight_decay": -0.0, "optimizer": "adamw:pytorch"}`: "weight_decay is 0, and adamw without weight decay is adam",
		`{"schema": 4, "new": 1}`:                              "the file has schema 4, this gonn reads up to 3",
		`{"schema": 7, "settings": {"x":0}}`:                   "the file has schema 7",
		`{"schema": "one"}`:                                    "schema cannot be a JSON string",
	} {
		write(t, path, text)
		got, err := ReadSettings(path, settings())
		if err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), want) || got != (Settings{}) && !errors.Is(err, ErrNoDecay) {
			t.Errorf("%s: got %+v and error %v, want %q", text, got, err, want)
		}
	}
}

// A resize is a property of how the network reads pictures, like its normalisation.
func TestResizeGoesIntoTheModel(t *testing.T) {
	for _, netPath := range []string{"", "net.onnx"} {
		dir := filepath.Join(t.TempDir(), "run")
		set := settings()
		set.NetPath, set.Resize = netPath, "crop:32x32"
		create(t, dir, set)
		r, err := Open(dir)
		if err != nil || r.Metadata["resize"] != "crop:32x32" {
			t.Errorf("net path %q: metadata %v, error %v", netPath, r.Metadata, err)
		}
		end(t, sessions[dir])
		if _, err := Resume(dir, func(s *Settings) error { s.Resize = "pad:32x32"; return nil }); err == nil || !strings.Contains(err.Error(), "resize is") {
			t.Errorf("resumed with another: error %v", err)
		}
	}
}
