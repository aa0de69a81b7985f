//go:build unix

package graph_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
)

// The two files of a model never go through what stands in their place: the writer
// that the commands use, with links, pipes and folders in the place of either.
func TestFilesAreWrittenOnlyInTheFolder(t *testing.T) {
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{
		Name:         "g",
		Outputs:      []*graph.Value{{Name: "w"}},
		Initializers: []*graph.Tensor{graph.Float32Tensor("w", []int64{1000}, make([]float32, 1000))},
	}}
	f, err := m.Files("net.onnx", true)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		prepare func(path, outside string) error
		want    string // "" if the place is taken over
	}{
		{"nothing", func(path, _ string) error { return nil }, ""},
		{"a file", func(path, _ string) error { return os.WriteFile(path, []byte("old"), 0o600) }, ""},
		{"a hard link", func(path, outside string) error { return os.Link(outside, path) }, ""},
		{"a symbolic link", func(path, outside string) error { return os.Symlink(outside, path) }, "not a regular file"},
		{"a dangling symbolic link", func(path, outside string) error { return os.Symlink(outside+".none", path) }, "not a regular file"},
		{"a link to a device", func(path, _ string) error { return os.Symlink("/dev/null", path) }, "not a regular file"},
		{"a named pipe", func(path, _ string) error { return syscall.Mkfifo(path, 0o600) }, "not a regular file"},
		{"a folder", func(path, _ string) error { return os.Mkdir(path, 0o700) }, "not a regular file"},
	}
	for _, test := range tests {
		for _, place := range []string{f.Name, f.DataName} {
			t.Run(test.name+" "+place, func(t *testing.T) {
				base := t.TempDir()
				dir, outside := filepath.Join(base, "models"), filepath.Join(base, "secret")
				path := filepath.Join(dir, place)
				secret := []byte("not to be touched")
				if err := errors.Join(os.Mkdir(dir, 0o700), os.WriteFile(outside, secret, 0o600), test.prepare(path, outside)); err != nil {
					t.Fatal(err)
				}
				err := inTime(t, func() error {
					return atomicfile.SaveLinked(true, atomicfile.Linked{
						Path:   filepath.Join(dir, f.Name),
						Data:   atomicfile.File{Path: filepath.Join(dir, f.DataName), Data: f.Data},
						Naming: f.ModelNaming,
					})
				})
				if b, readErr := os.ReadFile(outside); readErr != nil || !bytes.Equal(b, secret) {
					t.Errorf("the file outside became %q, %v", b, readErr)
				}
				if _, statErr := os.Stat(outside + ".none"); statErr == nil {
					t.Error("the link's target was made")
				}
				if test.want != "" {
					if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
						t.Errorf("got error %v, want one with %q and the path", err, test.want)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if _, err := graph.ReadFile(filepath.Join(dir, f.Name)); err != nil {
					t.Errorf("what was written is not read: %v", err)
				}
			})
		}
	}
	t.Logf("promise S5: %d links, pipes and folders in the place of a written model or its data, none followed", 2*len(tests)-4)
}

// The place of a model is exchanged for a link to a file outside while models are written to
// it, again and again: the file stays as it is.
func TestALinkThatIsExchangedIsNotWrittenThrough(t *testing.T) {
	base := t.TempDir()
	outside, path := filepath.Join(base, "secret"), filepath.Join(base, "net.onnx")
	secret := []byte("not to be touched")
	if err := os.WriteFile(outside, secret, 0o600); err != nil {
		t.Fatal(err)
	}
	end, ended := make(chan struct{}), make(chan struct{})
	var exchanges atomic.Int64
	go func() {
		defer close(ended)
		link := filepath.Join(base, "link")
		for {
			select {
			case <-end:
				return
			default:
			}
			_ = os.Symlink(outside, link)
			_ = os.Rename(link, path)
			_ = os.Remove(path)
			exchanges.Add(1)
		}
	}()
	written := 0
	for start := time.Now(); (written < 10 || exchanges.Load() < 10) && time.Since(start) < time.Minute; {
		if err := atomicfile.WriteAll(atomicfile.File{Path: path, Data: []byte("model")}); err == nil {
			written++
		}
	}
	close(end)
	<-ended
	if b, err := os.ReadFile(outside); err != nil || !bytes.Equal(b, secret) {
		t.Fatalf("the file outside became %q, %v", b, err)
	}
	if written < 10 || exchanges.Load() < 10 {
		t.Errorf("only %d models written and %d exchanges in a minute", written, exchanges.Load())
	}
	t.Logf("promise S5: %d models written during %d exchanges of their place for a link, none through it", written, exchanges.Load())
}

// inTime fails if f waits, as the opening of a pipe does.
func inTime(t *testing.T, f func() error) (err error) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		err = f()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("writing did not come back")
	}
	return err
}
