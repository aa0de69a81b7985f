package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gonn-toolkit/gonn/train/internal/filelock"
)

func TestSaveOverwritesOnlyIfItMay(t *testing.T) {
	dir := t.TempDir()
	save := func(text string, overwrite bool) error { return Save(overwrite, pair(dir, text)...) }
	if err := save("first", false); err != nil {
		t.Fatal(err)
	}
	err := save("second", false)
	exists := (*ExistsError)(nil)
	if !errors.As(err, &exists) || exists.Path != filepath.Join(dir, "m.data") || !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v, want an ExistsError of the first file", err)
	}
	if got := content(t, filepath.Join(dir, "m")); got != "first" {
		t.Errorf("the file became %q", got)
	}
	if err := save("third", true); err != nil || content(t, filepath.Join(dir, "m")) != "third" || content(t, filepath.Join(dir, "m.data")) != "third" {
		t.Errorf("with leave to overwrite: error %v", err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"m", "m.data"}) {
		t.Errorf("the folder holds %v", got)
	}
}

// Whatever has the name is left alone.
func TestWriteNewRefusesWhateverIsThere(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "link")); err != nil {
		if runtime.GOOS == "windows" { // where links need a right
			t.Skip(err)
		}
		t.Fatal(err)
	}
	for _, name := range []string{"folder", "link"} {
		if err := WriteNew(filepath.Join(dir, name), nil); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"folder", "link"}) {
		t.Errorf("the folder holds %v", got)
	}
}

// Of several at the same time one wins, and its files stay together.
func TestOneOfManyWritesNew(t *testing.T) {
	for k := range 20 {
		dir := t.TempDir()
		var won atomic.Int32
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				files := pair(dir, fmt.Sprint(i))
				write := []func() error{
					func() error { return WriteAllNew(files...) },
					func() error { return Save(false, files...) },
				}[k%2]
				err := write()
				held := (*filelock.HeldError)(nil)
				switch {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, fs.ErrExist) && !errors.As(err, &held):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := won.Load(); n != 1 || content(t, filepath.Join(dir, "m")) != content(t, filepath.Join(dir, "m.data")) {
			t.Fatalf("%d have written", n)
		}
		if got := names(t, dir); !slices.Equal(got, []string{"m", "m.data"}) {
			t.Errorf("the folder holds %v", got)
		}
	}
}
