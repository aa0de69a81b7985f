//go:build unix

package graph

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestLinksPipesAndDevicesAreRefused(t *testing.T) {
	tests := []struct {
		name     string
		location string
		prepare  func(dir string) error
		want     string
	}{
		{"symlink out of the folder", "link.bin", func(dir string) error {
			return os.Symlink("../secret.bin", filepath.Join(dir, "link.bin"))
		}, `"link.bin" is a symbolic link`},
		{"symlink inside the folder", "link.bin", func(dir string) error {
			return os.Symlink("w.bin", filepath.Join(dir, "link.bin"))
		}, `"link.bin" is a symbolic link`},
		{"symlinked parent", "sub/w.bin", func(dir string) error {
			return os.Symlink(".", filepath.Join(dir, "sub"))
		}, `"sub" is a symbolic link`},
		{"dangling symlink", "link.bin", func(dir string) error {
			return os.Symlink("nowhere", filepath.Join(dir, "link.bin"))
		}, `"link.bin" is a symbolic link`},
		{"hard link", "hard.bin", func(dir string) error {
			return os.Link(filepath.Join(dir, "..", "secret.bin"), filepath.Join(dir, "hard.bin"))
		}, "the file has 2 hard links, it must have one"},
		{"named pipe", "pipe", func(dir string) error {
			return syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600)
		}, "it is not a regular file"},
		{"socket", "socket", func(dir string) error {
			fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
			if err != nil {
				return err
			}
			defer syscall.Close(fd)
			return syscall.Bind(fd, &syscall.SockaddrUnix{Name: filepath.Join(dir, "socket")})
		}, "it is not a regular file"},
		{"symlink to a device", "zero", func(dir string) error {
			return os.Symlink("/dev/zero", filepath.Join(dir, "zero"))
		}, `"zero" is a symbolic link`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := folderWith(t, body(externalTensor("w", "location", test.location)))
			dir := filepath.Dir(path)
			write(t, filepath.Join(dir, "..", "secret.bin"), make([]byte, 16))
			if err := test.prepare(dir); err != nil {
				t.Fatal(err)
			}
			m, err := readInTime(t, path)
			mustFail(t, m, err, test.want)
		})
	}
	t.Logf("promise S5: %d links, pipes and sockets refused as external data, and none blocks", len(tests))
}

// The folder of the model may be one with devices in it.
func TestDevicesAreRefused(t *testing.T) {
	dir, err := openFolder("/dev")
	if err != nil {
		t.Fatal(err)
	}
	defer dir.root.Close()
	for _, name := range []string{"null", "zero", "tty"} {
		b, err := dir.load(externalRef{location: name, length: -1}, 8)
		if b != nil || err == nil || err.Error() != "it is not a regular file" {
			t.Errorf("%s: got %v, %v", name, b, err)
		}
	}
}

// readInTime fails if reading waits, as opening a pipe does.
func readInTime(t *testing.T, path string) (m *Model, err error) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		m, err = ReadFile(path)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("reading did not come back")
	}
	return m, err
}

func TestModelFileMayNotBeAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.onnx")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := readInTime(t, path)
	mustFail(t, m, err, path+": it is not a regular file")
}

// The check and the opening are two steps. What was looked at must be what is
// opened, also if somebody exchanges the file in between or between two tensors.
func TestAFileExchangedWhileReadingIsRefused(t *testing.T) {
	path := folderWith(t, nil)
	dir, err := openFolder(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	defer dir.root.Close()
	ref := externalRef{location: "w.bin", length: -1}
	if _, err := dir.load(ref, 8); err != nil {
		t.Fatal(err)
	}
	w := filepath.Join(filepath.Dir(path), "w.bin")
	write(t, w+".new", make([]byte, 16))
	if err := os.Rename(w+".new", w); err != nil {
		t.Fatal(err)
	}
	b, err := dir.load(ref, 8)
	if err == nil || b != nil || err.Error() != "the file was exchanged while it was read" {
		t.Errorf("got %v, %v", b, err)
	}
	for _, swap := range []func() error{
		func() error { return syscall.Mkfifo(w, 0o600) },
		func() error { return os.Symlink("../models/other.bin", w) },
	} {
		write(t, filepath.Join(filepath.Dir(path), "other.bin"), make([]byte, 16))
		if err := swapBetween(dir, w, swap); err == nil {
			t.Error("a file exchanged between check and opening was read")
		}
	}
	t.Log("promise S5: a file exchanged for another, a pipe or a link between check and opening refused")
}

// swapBetween does what open does, with an exchange of the file at path between
// its two steps.
func swapBetween(dir *folder, path string, swap func() error) error {
	_ = os.Remove(path)
	if err := os.WriteFile(path, make([]byte, 16), 0o600); err != nil {
		return nil
	}
	looked, err := dir.look("w.bin")
	if err != nil {
		return nil
	}
	_ = os.Remove(path)
	if err := swap(); err != nil {
		return nil
	}
	_, _, err = dir.openLooked("w.bin", looked)
	return err
}
