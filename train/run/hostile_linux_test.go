package run

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
)

func TestHostileChild(t *testing.T) { hostiletest.Serve(t, readHostile) }

// readHostile opens a run, beside which there is a good one of the same training, or reads
// settings or the name of the latest run.
func readHostile(path string) (accepted bool, wrong error) {
	switch filepath.Ext(path) {
	case ".json":
		_, err := ReadSettings(path, settings())
		return err == nil, nil
	case ".latest":
		_, err := Latest(path)
		return err == nil, nil
	}
	r, err := Open(path)
	if err != nil {
		return false, nil
	}
	good, err := Open(filepath.Join(filepath.Dir(path), "good"))
	if err != nil {
		return true, err
	}
	return true, checkRun(path, r, good)
}

// checkRun holds a run to its files, read in another way, and its parameters to those of the
// good one, for no damaged state may be read.
func checkRun(dir string, r, good *Run) error {
	for i, p := range r.Network.Params() {
		if !slices.Equal(p.Data, good.Network.Params()[i].Data) {
			return fmt.Errorf("parameter %s has other values", p.FullName())
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, recordFile))
	if err != nil {
		return err
	}
	var file struct{ Settings, other map[string]any }
	got := map[string]any{}
	told, err := json.Marshal(r.Settings)
	if err == nil {
		err = json.Unmarshal(told, &got)
	}
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	for name, v := range file.Settings {
		if zero := v == "" || v == false || v == 0.0; !reflect.DeepEqual(v, got[name]) && !(zero && got[name] == nil) {
			return fmt.Errorf("setting %s is %v, %s has %v", name, got[name], recordFile, v)
		}
	}
	table, errTable := os.ReadFile(filepath.Join(dir, metricsFile))
	if err != nil || errTable != nil {
		return err // without a table there is nothing to compare
	}
	rows := strings.Split(string(table), "\n")[1:]
	for i, m := range r.Metrics {
		cells := strings.Split(strings.TrimSpace(rows[i]), ",")
		if loss, err := strconv.ParseFloat(strings.Trim(cells[1], `"`), 64); err != nil || loss != m.Loss && loss == loss || cells[0] != strconv.Itoa(m.Epoch) {
			return fmt.Errorf("epoch %d has loss %v, the table has %q", m.Epoch, m.Loss, rows[i])
		}
	}
	return nil
}

// runs writes copies of a run in which one file is damaged, beside the good one, and gives
// their paths.
func runs(t *testing.T, good map[string]string, damaged map[string]map[string][]byte) (paths []string) {
	t.Helper()
	root := t.TempDir()
	put := func(dir string) {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		for name, content := range good {
			write(t, filepath.Join(dir, name), content)
		}
	}
	put(filepath.Join(root, "good"))
	for _, file := range slices.Sorted(maps.Keys(damaged)) {
		for _, how := range slices.Sorted(maps.Keys(damaged[file])) {
			dir := filepath.Join(root, file+how)
			put(dir)
			write(t, filepath.Join(dir, file), string(damaged[file][how]))
			paths = append(paths, dir)
		}
	}
	return paths
}

// trained are the files of a short run.
func trained(t *testing.T) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	s := create(t, dir, settings())
	mustFit(t, s)
	end(t, s)
	return files(t, dir)
}

func TestHostileRuns(t *testing.T) {
	good := trained(t)
	damaged := map[string]map[string][]byte{}
	n := hostiletest.Number(10, 60)
	for i, file := range slices.Sorted(maps.Keys(good)) {
		damaged[file] = hostiletest.Mutations(uint64(i), n, []byte(good[file]), nil)
	}
	paths := runs(t, good, damaged)
	for what, put := range map[string]func(path string) error{
		"pipe":   func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"device": func(path string) error { return os.Symlink("/dev/zero", path) },
		"folder": func(path string) error { return os.Mkdir(path, 0o777) },
		"loop":   func(path string) error { return os.Symlink(filepath.Base(path), path) },
	} {
		for file := range good {
			for _, dir := range runs(t, good, map[string]map[string][]byte{file: {what: nil}}) {
				if err := os.Remove(filepath.Join(dir, file)); err != nil {
					t.Fatal(err)
				}
				if err := put(filepath.Join(dir, file)); err != nil {
					t.Fatal(err)
				}
				paths = append(paths, dir)
			}
		}
	}
	hostiletest.Report(t, "run folders", hostiletest.ReadPaths(t, paths))
}

// Files of many small parts, each of which would become something much larger in memory.
func TestBombsOfRunsAreRefused(t *testing.T) {
	good := trained(t)
	size := hostiletest.Number(3_000_000, 30_000_000)
	repeat := func(open, part, end string) []byte {
		return []byte(open + strings.Repeat(part, size/len(part)) + end)
	}
	numbered := func(open, part, end string) []byte {
		b := bytes.NewBufferString(open)
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(b, part, i)
		}
		return append(b.Bytes(), end...)
	}
	state := func(header []byte) []byte {
		return append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
	}
	short := func(b []byte) []byte { return append(b[:2_900_000:2_900_000], b[len(b)-2:]...) } // below the limit of headers
	table := "epoch,loss,accuracy\n"
	damaged := map[string]map[string][]byte{
		recordFile: {
			"sessions": repeat(`{"settings":{},"sessions":[{}`, ",{}", `],"bad":1}`),
			"frozen":   repeat(`{"settings":{},"frozen":[""`, `,""`, `],"bad":1}`),
			"unknown":  numbered(`{"settings":{}`, `,"%x":0`, `}`),
			"nested":   repeat(`{"settings":`, "[", ""),
			"text":     repeat(`{"settings":{"act":"`, `\u00e9`, `"},"bad":1}`),
			"spaces":   repeat(`{"settings":{}`, " ", `,"bad":1}`),
		},
		metricsFile: {
			"one column":  repeat("", "a\n", ""),
			"rows":        repeat(table, "1,1,1\n", ""),
			"empty lines": repeat(table, "\n", "x"),
			"commas":      repeat("", ",", ""),
			"a quotation": repeat(table+`"`, "\n", ""),
		},
		stateFile: {
			"tensors":  state(numbered(`{"":{}`, `,"%08x":{}`, `}`)),
			"entries":  state(short(numbered(`{`, `"%08x":{"dtype":"F32","shape":[1],"data_offsets":[0,0]},`, `}}`))),
			"metadata": state(short(numbered(`{"__metadata__":{"":""`, `,"%x":""`, `}}`))),
			"shape":    state(short(repeat(`{"a":{"dtype":"F32","data_offsets":[0,4],"shape":[1`, ",1", `]}}`))),
			"nested":   state(short(repeat(`{"a":`, "[", ""))),
		},
		modelFile: {"zeros": repeat("", "\x00", ""), "nodes": repeat("\x08\x08", "\x3a\x02\x0a\x00", "")},
	}
	var paths []string
	for _, dir := range runs(t, good, damaged) {
		paths = append(paths, dir)
	}
	root := t.TempDir()
	for name, b := range damaged[recordFile] {
		write(t, filepath.Join(root, name+".json"), string(b))
		paths = append(paths, filepath.Join(root, name+".json"))
	}
	write(t, filepath.Join(root, "bare.json"), string(numbered(`{"act":"relu"`, `,"%x":{}`, `}`)))
	if err := os.Mkdir(filepath.Join(root, "x.latest"), 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "x.latest", latestFile), string(repeat("", "a/", "")))
	paths = append(paths, filepath.Join(root, "bare.json"), filepath.Join(root, "x.latest"))
	var results []hostiletest.Result
	for _, path := range paths {
		r := hostiletest.ReadPaths(t, []string{path})
		if r[0].Accepted {
			t.Errorf("%s is accepted", path)
		}
		results = append(results, r...)
	}
	hostiletest.Report(t, "run folders, of small parts", results)
}
