package run

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// FuzzSettings gives files of settings that may hold anything. What is read is written and read
// as the same.
func FuzzSettings(f *testing.F) {
	whole, err := json.Marshal(record{Schema: schema, Settings: settings(), Sessions: []Machine{thisMachine()}, Result: &Result{}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"act": "mish", "lr": 1e-3, "seed": 18446744073709551615}`))
	f.Add([]byte("{\"schema\": 1,\n \"settings\": {\"kink\": \"keras\"}}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := parseSettings(b, settings())
		if err != nil {
			return
		}
		text, err := json.Marshal(map[string]any{"settings": got})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := parseSettings(text, Settings{}); err != nil || again != got {
			t.Errorf("written and read again the settings are %+v, want %+v (%v)", again, got, err)
		}
	})
}

// FuzzMetrics gives tables that may hold anything.
func FuzzMetrics(f *testing.F) {
	f.Add([]byte("epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds,samples_per_s\n1,0.5,0.9,0.4,0.8,0.01,1.000,100.0\n2,0.4,0.9,,,,1.0,9\n"), 2)
	f.Add([]byte("\ufeffloss,epoch,accuracy,\"of, others\"\r\n1e-3,1,1,\"a\"\"\n\"\r\n"), 1)
	f.Fuzz(func(t *testing.T, b []byte, epochs int) {
		got, err := parseMetrics(b, epochs)
		if err != nil {
			if got != nil {
				t.Errorf("rows beside the error %v", err)
			}
			return
		}
		for i, m := range got {
			if want := epochs - len(got) + 1 + i; m.Epoch != want {
				t.Errorf("row %d is of epoch %d, want %d", i, m.Epoch, want)
			}
		}
	})
}

// FuzzOpen replaces a file of a run. What is read is a run, or there is an error.
func FuzzOpen(f *testing.F) {
	dir := filepath.Join(f.TempDir(), "run")
	s, err := Create(dir, settings(), toy.Network(5))
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		f.Fatal(err)
	}
	names := []string{recordFile, modelFile, stateFile, metricsFile}
	good := map[string][]byte{}
	for i, name := range names {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			f.Fatal(err)
		}
		good[name] = b
		f.Add(uint8(i), b)
	}
	f.Fuzz(func(t *testing.T, file uint8, b []byte) {
		name := names[int(file)%len(names)]
		path := filepath.Join(dir, name)
		defer os.WriteFile(path, good[name], 0o600)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if r, err := Open(dir); (r == nil) == (err == nil) {
			t.Errorf("run %v and error %v, want one of them", r, err)
		}
	})
}
