package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// pair are the weights of a model and the model, with the same content.
func pair(dir, text string) []File {
	return []File{{filepath.Join(dir, "m.data"), []byte(text)}, {filepath.Join(dir, "m"), []byte(text)}}
}

func TestWriteAllReplacesWhateverIsThere(t *testing.T) {
	for _, there := range [][]string{nil, {"m"}, {"m.data"}, {"m", "m.data"}} {
		dir := t.TempDir()
		for _, name := range there {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("old"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := WriteAll(pair(dir, "new")...); err != nil {
			t.Fatal(err)
		}
		if got := names(t, dir); !slices.Equal(got, []string{"m", "m.data"}) {
			t.Errorf("over %v: the folder holds %v", there, got)
		}
		for _, f := range pair(dir, "") {
			if got := content(t, f.Path); got != "new" {
				t.Errorf("over %v: %s holds %q", there, f.Path, got)
			}
		}
	}
}

func TestWriteAllNewRefusesIfOneIsThere(t *testing.T) {
	for _, there := range []string{"m", "m.data"} {
		dir := t.TempDir()
		path := filepath.Join(dir, there)
		if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := WriteAllNew(pair(dir, "new")...); !errors.Is(err, fs.ErrExist) || !strings.HasPrefix(err.Error(), "write "+path+":") {
			t.Errorf("%s is there: error %v", there, err)
		}
		if got := names(t, dir); !slices.Equal(got, []string{there}) || content(t, path) != "old" {
			t.Errorf("%s is there: the folder holds %v, it holds %q", there, got, content(t, path))
		}
	}
	dir := t.TempDir()
	if err := WriteAllNew(pair(dir, "new")...); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"m", "m.data"}) {
		t.Errorf("the folder holds %v", got)
	}
}

// old makes a folder with an old pair.
func old(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := WriteAll(pair(dir, "old")...); err != nil {
		t.Fatal(err)
	}
	return dir
}

// still says that only the old pair is there.
func still(t *testing.T, dir, when string) {
	t.Helper()
	if got := names(t, dir); !slices.Equal(got, []string{"m", "m.data"}) {
		t.Fatalf("%s: the folder holds %v", when, got)
	}
	for _, f := range pair(dir, "") {
		if got := content(t, f.Path); got != "old" {
			t.Errorf("%s: %s holds %q", when, f.Path, got)
		}
	}
}

func TestWriteAllThatFailsLeavesTheOldFiles(t *testing.T) {
	dir := old(t)
	missing := filepath.Join(dir, "missing", "file")
	if err := WriteAll(append(pair(dir, "new"), File{missing, nil})...); err == nil || !strings.HasPrefix(err.Error(), "write "+missing+":") {
		t.Errorf("no folder: error %v", err)
	}
	still(t, dir, "no folder for the third")

	folder := filepath.Join(dir, "folder")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := WriteAll(append(pair(dir, "new"), File{folder, nil})...); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a folder: error %v", err)
	}
	var r replacement // a folder that appears after it was looked for
	if f, err := r.run(append([]File{{folder, nil}}, pair(dir, "new")...)); err == nil || f.Path != folder {
		t.Errorf("a folder that appears: error %v at %s", err, f.Path)
	}
	r.back()
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	still(t, dir, "a folder that appears")

	r = replacement{} // the second temporary file cannot take its name
	files := pair(dir, "new")
	first, err := r.writeTemp(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if f, err := r.exchange(files, []string{first, missing}); err == nil || f.Path != files[1].Path {
		t.Errorf("no temporary file: error %v at %s", err, f.Path)
	}
	r.back()
	still(t, dir, "no temporary file")
}

// A process that is killed never leaves a last file beside others than its own.
func TestWriteAllKilledLeavesNoMixture(t *testing.T) {
	const env = "ATOMICFILE_TEST_PAIR"
	if dir := os.Getenv(env); dir != "" {
		for i := 0; ; i++ {
			if err := WriteAll(pair(dir, strconv.Itoa(i))...); err != nil {
				t.Fatal(err)
			}
			fmt.Print(".")
		}
	}
	written := 0
	for kill := range 15 {
		dir := t.TempDir()
		child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), env+"="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(out, make([]byte, 1+kill)); err != nil { // pairs written
			t.Fatal(err)
		}
		time.Sleep(time.Duration(kill*100) * time.Microsecond) // to some moment within the next ones
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		child.Wait()
		files := pair(dir, "")
		last, err := os.ReadFile(files[1].Path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // it was killed before the first, or while they changed
		}
		if err != nil {
			t.Fatal(err)
		}
		written++
		if got := content(t, files[0].Path); got != string(last) {
			t.Fatalf("the last file holds %q, the first %q", last, got)
		}
	}
	if written == 0 {
		t.Error("no child was killed after it had written")
	}
}
