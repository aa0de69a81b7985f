package atomicfile

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A scenario is a folder and something that is written to it.
type scenario struct {
	name             string
	before           map[string]string
	write            func(w writer, dir string) error
	after            map[string]string
	noRename, noLink bool     // of the file system
	order            []string // of the calls
}

// The content "NAME:TEXT" of m says that the file NAME must hold TEXT, "TEXT" alone that it
// needs no other.
func linked(dir string) Linked {
	return Linked{
		Path:   filepath.Join(dir, "m"),
		Data:   File{filepath.Join(dir, "m.data"), []byte("new")},
		Naming: func(data string) ([]byte, error) { return []byte(data + ":new"), nil },
	}
}

func saveLinked(overwrite bool) func(w writer, dir string) error {
	return func(w writer, dir string) error {
		l := linked(dir)
		return writer{sys: w.sys, owner: l.Path}.saveLinked(overwrite, l)
	}
}

func files(dir string, names ...string) (files []File) {
	for _, name := range names {
		files = append(files, File{filepath.Join(dir, name), []byte("new")})
	}
	return files
}

var (
	twoNew    = map[string]string{"a": "new", "b": "new"}
	newLinked = map[string]string{"m.data": "new", "m": "m.data:new"}
)

var scenarios = []scenario{
	{
		name: "Write", before: map[string]string{"a": "old"}, after: map[string]string{"a": "new"},
		write: func(w writer, dir string) error { return w.replace(files(dir, "a")) },
		order: []string{"create tmp1", "write tmp1", "sync tmp1", "close tmp1", "rename tmp1 a", "sync-folder"},
	},
	{
		name: "WriteNew", after: map[string]string{"a": "new"},
		write: func(w writer, dir string) error { return w.create(files(dir, "a")) },
		order: []string{"create tmp1", "write tmp1", "sync tmp1", "close tmp1", "rename-new tmp1 a", "sync-folder"},
	},
	{
		name: "WriteNew without renameat2", after: map[string]string{"a": "new"}, noRename: true,
		write: func(w writer, dir string) error { return w.create(files(dir, "a")) },
		order: []string{"create tmp1", "write tmp1", "sync tmp1", "close tmp1", "link tmp1 a", "remove tmp1", "sync-folder"},
	},
	{
		name: "WriteNew without renameat2 and links", after: map[string]string{"a": "new"}, noRename: true, noLink: true,
		write: func(w writer, dir string) error { return w.create(files(dir, "a")) },
		order: []string{"create tmp1", "write tmp1", "sync tmp1", "close tmp1", "rename tmp1 a", "sync-folder"},
	},
	{
		name: "WriteAll", before: map[string]string{"a": "old", "b": "old"}, after: twoNew,
		write: func(w writer, dir string) error { return w.replace(files(dir, "a", "b")) },
		order: []string{
			"create tmp1", "write tmp1", "sync tmp1", "close tmp1", "create tmp2", "write tmp2", "sync tmp2", "close tmp2",
			"rename tmp1 a", "sync-folder", "rename tmp2 b", "sync-folder",
		},
	},
	{
		name: "WriteAllNew", after: twoNew,
		write: func(w writer, dir string) error { return w.create(files(dir, "a", "b")) },
		order: []string{
			"create tmp1", "write tmp1", "sync tmp1", "close tmp1", "create tmp2", "write tmp2", "sync tmp2", "close tmp2",
			"rename-new tmp1 a", "sync-folder", "rename-new tmp2 b", "sync-folder",
		},
	},
	{
		name: "Save removes what a killed one has left", before: map[string]string{"a": "old", ".a.0badcafe.tmp": "ne"}, after: map[string]string{"a": "new"},
		write: func(w writer, dir string) error { return w.save(true, files(dir, "a")) },
		order: []string{"remove tmp1", "create tmp2", "write tmp2", "sync tmp2", "close tmp2", "rename tmp2 a", "sync-folder"},
	},
	{
		name: "SaveLinked, new", after: newLinked, write: saveLinked(false),
		order: []string{
			"create tmp1", "write tmp1", "sync tmp1", "close tmp1", "create tmp2", "write tmp2", "sync tmp2", "close tmp2",
			"rename-new tmp1 m.data", "sync-folder", "rename-new tmp2 m", "sync-folder",
		},
	},
	{name: "SaveLinked, new, without renameat2", after: newLinked, write: saveLinked(false), noRename: true},
	{name: "SaveLinked, new, without renameat2 and links", after: newLinked, write: saveLinked(false), noRename: true, noLink: true},
	{name: "SaveLinked, new, with the data of a killed one", before: map[string]string{"m.data": "new"}, after: newLinked, write: saveLinked(false)},
	{name: "SaveLinked over nothing", after: newLinked, write: saveLinked(true)},
	{name: "SaveLinked over a file alone", before: map[string]string{"m": "old"}, after: newLinked, write: saveLinked(true)},
	{name: "SaveLinked over data alone", before: map[string]string{"m.data": "old"}, after: newLinked, write: saveLinked(true)},
	{
		name: "SaveLinked over both", before: map[string]string{"m.data": "old", "m": "m.data:old"}, after: newLinked, write: saveLinked(true),
		order: []string{
			"create tmp1", "write tmp1", "sync tmp1", "close tmp1", "create tmp2", "write tmp2", "sync tmp2", "close tmp2",
			"create tmp3", "write tmp3", "sync tmp3", "close tmp3", "create tmp4", "write tmp4", "sync tmp4", "close tmp4",
			"rename tmp1 data5", "sync-folder", "rename tmp2 m", "sync-folder", "rename tmp3 m.data", "sync-folder", "rename tmp4 m", "sync-folder",
			"remove data5",
		},
	},
	{
		name:   "SaveLinked over what a killed one has left",
		before: map[string]string{"m.data": "old", "m": ".m.0badcafe.data:older", ".m.0badcafe.data": "older", ".m.deadbeef.data": "ol"}, after: newLinked, write: saveLinked(true),
	},
	{
		name:   "Save over linked files of a killed one",
		before: map[string]string{"m": ".m.0badcafe.data:older", ".m.0badcafe.data": "older"}, after: map[string]string{"m": "new"},
		write: func(w writer, dir string) error { return w.save(true, files(dir, "m")) },
	},
}

// whole is an error if one of the files is not whole, or not there although it was before.
func (sc scenario) whole(dir map[string]string) error {
	for name := range sc.before {
		if _, kept := sc.after[name]; kept && dir[name] == "" {
			return fmt.Errorf("%s is gone", name)
		}
	}
	for name, got := range dir {
		if _, written := sc.after[name]; !written {
			continue
		}
		data, text, names := strings.Cut(got, ":")
		switch {
		case names && dir[data] != text:
			return fmt.Errorf("%s names %s, which holds %q: want %q", name, data, dir[data], text)
		case !names && got != "new" && got != sc.before[name]:
			return fmt.Errorf("%s holds %q", name, got)
		}
	}
	return nil
}

// folder makes a folder with files in it, in memory where the system has a place for that: a
// disk brings what is renamed over another file to the platter, which takes its time.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "atomicfile-")
	if err != nil {
		dir = t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// holds are the files of a folder.
func holds(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, name := range names(t, dir) {
		files[name] = content(t, filepath.Join(dir, name))
	}
	return files
}

// attempt writes in a folder in which the calls from the given one up to another one fail.
func (sc scenario) attempt(t *testing.T, from, to int, short bool) (dir string, s *traced, err error) {
	t.Helper()
	dir = folder(t, sc.before)
	s = &traced{from: from, to: to, short: short, noRename: sc.noRename, noLink: sc.noLink}
	return dir, s, sc.write(writer{sys: s}, dir)
}

// again writes once more, after an attempt that was killed.
func (sc scenario) again(t *testing.T, dir string) {
	t.Helper()
	got := holds(t, dir)
	complete := true
	for name := range sc.after {
		_, there := got[name]
		complete = complete && there
	}
	err := sc.write(writer{sys: &traced{noRename: sc.noRename, noLink: sc.noLink}}, dir)
	if complete && errors.Is(err, os.ErrExist) {
		err = nil // it was killed after its work
	}
	if err != nil {
		t.Errorf("again: %v", err)
	}
	if err := RemoveTemps(dir); err != nil {
		t.Fatal(err)
	}
	if got := holds(t, dir); !maps.Equal(got, sc.after) {
		t.Errorf("again: the folder holds %v, want %v", got, sc.after)
	}
}
