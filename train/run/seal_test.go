package run

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// stopped makes a run that has stopped within its second epoch, closed, and gives its files.
func stopped(t *testing.T) (dir string, content map[string]string, params int) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	s := create(t, dir, settings())
	mustFit(t, s, &stopAfter{steps: 6})
	end(t, s)
	for _, p := range s.Network.Params() {
		params += len(p.Data)
	}
	return dir, files(t, dir), params
}

// flipStep is how many bits or bytes there are from one that is tried to the next.
func flipStep(n, most int) int {
	if os.Getenv("GONN_FLIPS") == "all" {
		return 1
	}
	return 1 + n/most
}

// No bit of a run can change, and no byte be missing, without being noticed by those who
// read it. GONN_FLIPS=all tries every one.
func TestEveryFlippedBitOfARunIsRefused(t *testing.T) {
	dir, whole, params := stopped(t)
	tried, bits, cuts, accepted := 0, 0, 0, 0
	try := func(name, content string) {
		tried++
		write(t, filepath.Join(dir, name), content)
		if _, err := Open(dir); err == nil {
			accepted++
		}
		if tried%50 != 0 {
			return
		}
		if s, err := Resume(dir, nil); err == nil {
			accepted++
			end(t, s)
		}
		if got := files(t, dir); got[name] != content || len(got) != len(whole) {
			t.Errorf("%s: a refused resume has changed the files", name)
		}
	}
	for _, name := range []string{recordFile, stateFile, modelFile} {
		before := accepted
		b := []byte(whole[name])
		for bit := 0; bit < 8*len(b); bit += flipStep(8*len(b), 1200) {
			b[bit/8] ^= 1 << (bit % 8)
			try(name, string(b))
			b[bit/8] ^= 1 << (bit % 8)
			bits++
		}
		for n := 0; n < len(b); n += flipStep(len(b), 150) {
			try(name, string(b[:n]))
			cuts++
		}
		if accepted > before {
			t.Errorf("%s: %d of its flips and cuts are accepted", name, accepted-before)
		}
		write(t, filepath.Join(dir, name), whole[name])
	}
	if _, err := Open(dir); err != nil {
		t.Fatalf("the whole run: %v", err)
	}
	if params >= 1000 {
		t.Errorf("%d parameters", params)
	}
	t.Logf("promise U2: a run of %d parameters, %d of its bits flipped one by one, %d cuts: %d accepted", params, bits, cuts, accepted)
	t.Logf("promise T6: %d flips and cuts of a checkpoint: %d accepted, 0 panics", bits+cuts, accepted)
}

// metrics.csv is for people: nothing in it, nor its absence, changes what is read or trained.
func TestNothingReadsTheTable(t *testing.T) {
	dir, whole, _ := stopped(t)
	want, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, metricsFile)
	for _, content := range []string{"", "epoch\n", "\x00", strings.Replace(whole[metricsFile], "0.", "7.", -1)} {
		write(t, path, content)
		if got, err := Open(dir); err != nil || !reflect.DeepEqual(got.Metrics, want.Metrics) || got.Settings != want.Settings {
			t.Errorf("%q: got %+v and error %v", content, got, err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	end(t, goOn(t, dir, nil))
	if got := files(t, dir)[metricsFile]; got != whole[metricsFile] {
		t.Errorf("after a resume the table is\n%s\nwant\n%s", got, whole[metricsFile])
	}
}

// Settings that are edited are refused, and so are files of other runs, in one sentence that
// says what to do.
func TestAlteredRunsAreRefused(t *testing.T) {
	dir, whole, _ := stopped(t)
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	const changed = "run.json: the file is damaged or was changed by hand: its checksum is another"
	for _, c := range []struct {
		name, file string
		edit       func(string) string
		want       string
	}{
		{"another rate", recordFile, replace(`"lr": 0.01`, `"lr": 0.02`), changed},
		{"a space", recordFile, replace(`"lr": `, `"lr":  `), changed},
		{"a line after the end", recordFile, func(s string) string { return s + "\n" }, changed},
		{"digits in capitals", recordFile, func(s string) string { return s[:len(s)-68] + strings.ToUpper(s[len(s)-68:]) }, changed},
		{"another schema", recordFile, replace(`"schema": 3`, `"schema": 1`), changed},
		{"no checksum", recordFile, func(s string) string { return s[:strings.Index(s, ",\n  \"sha256\"")] + "\n}\n" }, changed},
		{"no files", recordFile, func(string) string {
			return "{\"schema\": 3, \"sha256\": \"" + sumOf([]byte("{\"schema\": 3, \"sha256\": \"")).SHA256 + ending
		},
			"run.json: files does not say what state.safetensors is"},
		{"a model of another run", modelFile, replace("x", "y"), "model.onnx: the file is damaged or not the one that run.json was written with"},
		{"a longer state", stateFile, func(s string) string { return s + "\x00" }, "state.safetensors: the file is damaged or not the one"},
		{"no state", stateFile, nil, "state.safetensors is missing: without it"},
		{"no model", modelFile, nil, "model.onnx is missing: without it"},
	} {
		path := filepath.Join(dir, c.file)
		if c.edit == nil {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		} else {
			write(t, path, c.edit(whole[c.file]))
		}
		_, err := Open(dir)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
		write(t, path, whole[c.file])
	}
	path := filepath.Join(dir, recordFile)
	write(t, path, replace(`"lr": 0.01`, `"lr": 0.02`)(whole[recordFile]))
	if s, err := ReadSettings(path, Settings{}); err != nil || s.LR != 0.02 {
		t.Errorf("settings alone, for a new run: rate %v, error %v", s.LR, err)
	}
	if _, err := decodeRecord([]byte(whole[recordFile])); err != nil {
		t.Errorf("as it was: %v", err)
	}
}
