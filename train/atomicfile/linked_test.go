package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
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

func TestWriteAllThatFailsLeavesTheOldFiles(t *testing.T) {
	old := map[string]string{"m": "old", "m.data": "old"}
	dir := folder(t, old)
	sub := filepath.Join(dir, "folder")
	if err := os.Mkdir(sub, 0o777); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "missing", "file")
	if err := WriteAll(append(pair(dir, "new"), File{missing, nil})...); err == nil || !strings.HasPrefix(err.Error(), "write "+missing+":") {
		t.Errorf("no folder: error %v", err)
	}
	if err := WriteAll(append(pair(dir, "new"), File{sub, nil})...); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a folder: error %v", err)
	}
	if err := os.Remove(sub); err != nil {
		t.Fatal(err)
	}
	if got := holds(t, dir); !maps.Equal(got, old) {
		t.Errorf("the folder holds %v", got)
	}
}

// Data of the same content are taken over, of another one they are somebody's.
func TestSaveLinkedRefusesWhatIsThere(t *testing.T) {
	for there, refused := range map[string]string{"m": "m", "m.data": "m.data", "both": "m.data", "both, the same data": "m"} {
		before := map[string]string{there: "old"}
		switch there {
		case "both":
			before = map[string]string{"m": "old", "m.data": "old"}
		case "both, the same data":
			before = map[string]string{"m": "old", "m.data": "new"}
		}
		dir := folder(t, before)
		exists := (*ExistsError)(nil)
		if err := SaveLinked(false, linked(dir)); !errors.As(err, &exists) || exists.Path != filepath.Join(dir, refused) {
			t.Errorf("%s: error %v, want an ExistsError of %s", there, err, refused)
		}
		if got := holds(t, dir); !maps.Equal(got, before) {
			t.Errorf("%s: the folder holds %v", there, got)
		}
	}
}

// What a process leaves that is killed after its work goes, although the files exist.
func TestSaveRemovesWhatIsLeftBesideExistingFiles(t *testing.T) {
	for name, save := range map[string]func(dir string) error{
		"Save":       func(dir string) error { return Save(false, File{filepath.Join(dir, "m"), []byte("new")}) },
		"SaveLinked": func(dir string) error { return SaveLinked(false, linked(dir)) },
	} {
		dir := folder(t, map[string]string{"m": "new", "m.data": "new", ".m.lock": "1\n", ".m.0badcafe.tmp": "new", ".n.0badcafe.tmp": "of another"})
		if err := save(dir); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: error %v", name, err)
		}
		if got := names(t, dir); !slices.Equal(got, []string{".n.0badcafe.tmp", "m", "m.data"}) {
			t.Errorf("%s: the folder holds %v", name, got)
		}
	}
}

// A process that is killed leaves a file with the data that it names.
func TestSaveLinkedKilledLeavesNoMixture(t *testing.T) {
	const env = "ATOMICFILE_TEST_PAIR"
	if dir := os.Getenv(env); dir != "" {
		for i := 0; ; i++ {
			l := linked(dir)
			l.Data.Data = []byte(strconv.Itoa(i))
			l.Naming = func(data string) ([]byte, error) { return []byte(data + ":" + strconv.Itoa(i)), nil }
			if err := SaveLinked(true, l); err != nil {
				t.Fatal(err)
			}
			fmt.Print(".")
		}
	}
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
		data, text, _ := strings.Cut(content(t, filepath.Join(dir, "m")), ":")
		if got := content(t, filepath.Join(dir, data)); got != text {
			t.Fatalf("the file names %s with %q, which holds %q", data, text, got)
		}
		if err := SaveLinked(true, linked(dir)); err != nil {
			t.Fatal(err)
		}
		if got := holds(t, dir); !maps.Equal(got, newLinked) {
			t.Fatalf("after the next one the folder holds %v", got)
		}
	}
}
