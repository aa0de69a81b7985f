package filelock

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// The file comes and goes with each holder; there is never more than one.
func TestThereIsOneHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	var holders, taken atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for taken.Load() < 300 {
				l, err := Take(path)
				if held := (*HeldError)(nil); errors.As(err, &held) {
					runtime.Gosched()
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				if n := holders.Add(1); n != 1 {
					t.Errorf("%d holders", n)
				}
				taken.Add(1)
				runtime.Gosched()
				holders.Add(-1)
				if err := l.Release(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if _, err := os.Lstat(path); err == nil {
		t.Error("the last holder has left the file")
	}
}

func TestAHolderIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	l, err := Take(path)
	if err != nil || l.Missing() != nil {
		t.Fatal(err, l.Missing())
	}
	_, err = Take(path)
	if held := (*HeldError)(nil); !errors.As(err, &held) || held.PID != os.Getpid() {
		t.Errorf("error %v, want one with the process's id", err)
	}
	for range 2 {
		if err := l.Release(); err != nil {
			t.Error(err)
		}
	}
}

// Without locks the holder is told, and no file stays.
func TestAFileSystemWithoutLocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	none := func(*os.File) error { return fmt.Errorf("%w (%w)", errNoLocks, errors.ErrUnsupported) }
	for range 2 {
		l, err := takeBy(none, path)
		if err != nil || !errors.Is(l.Missing(), errors.ErrUnsupported) {
			t.Fatalf("error %v, missing %v", err, l.Missing())
		}
		if err := l.Release(); err != nil {
			t.Error(err)
		}
		if _, err := os.Lstat(path); err == nil {
			t.Error("a file stays")
		}
	}
	broken := func(*os.File) error { return os.ErrInvalid }
	if l, err := takeBy(broken, path); l != nil || !errors.Is(err, os.ErrInvalid) || !strings.Contains(err.Error(), path) {
		t.Errorf("another failure: error %v", err)
	}
}

func TestOnlyALockFileIsTaken(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	for _, content := range []string{"x", "12", "-1\n", "1\n2\n", strings.Repeat("1", 100)} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if l, err := Take(file); l != nil || err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("a file with %q: error %v", content, err)
		}
		if b, err := os.ReadFile(file); err != nil || string(b) != content {
			t.Errorf("a file with %q now holds %q", content, b)
		}
	}
	if l, err := Take(dir); l != nil || err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a folder: error %v", err)
	}
	if err := os.Symlink(file, link); err != nil {
		if runtime.GOOS == "windows" { // where links need a right
			t.Skip(err)
		}
		t.Fatal(err)
	}
	if l, err := Take(link); l != nil || err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a link: error %v", err)
	}
}

// Looking whether a lock is held disturbs nobody who takes it, and changes nothing.
func TestHeld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	held := func(want bool) {
		t.Helper()
		pid, got := Held(path)
		if got != want || got && pid != os.Getpid() {
			t.Errorf("held %v by %d, want %v", got, pid, want)
		}
	}
	held(false)
	if _, err := os.Lstat(path); err == nil {
		t.Error("looking has made the file")
	}
	l, err := Take(path)
	if err != nil {
		t.Fatal(err)
	}
	held(true)
	held(true)
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	held(false)
	if err := os.WriteFile(path, []byte("1\n"), 0o644); err != nil { // as a killed process leaves it
		t.Fatal(err)
	}
	held(false)
	looking, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := lockShared(looking); err != nil {
		t.Fatal(err)
	}
	tried := 0
	l, err = takeBy(func(f *os.File) error {
		err := lock(f)
		if tried++; tried == 1 {
			looking.Close() // who looks is done just then
		}
		return err
	}, path)
	if err != nil || tried != 2 {
		t.Fatalf("beside one who looks: %v after %d tries", err, tried)
	}
	if err := l.Release(); err != nil {
		t.Error(err)
	}
}
