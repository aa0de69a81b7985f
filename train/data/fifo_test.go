//go:build unix

package data

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// Opening a pipe waits for a writer for ever; if a reader did, this test would
// run into the test binary's timeout.
func TestReadersDoNotWaitForPipes(t *testing.T) {
	dir := writeFiles(t, map[string][]byte{"train-labels-idx1-ubyte": idxFileOf([]byte{0}, 1)})
	pipe := filepath.Join(dir, "train-images-idx3-ubyte")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	classes := folderOf(t, "x", map[string][]byte{"a/1.png": greyPNG(t, 1, 1, 0)})
	picture := filepath.Join(classes, "a", "0.png")
	if err := syscall.Mkfifo(picture, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(classes)
	wantError(t, err, picture+": not a regular file")
	for name, read := range map[string]func() error{
		"OpenDir":    func() error { _, _, err := OpenDir(dir); return err },
		"Open":       func() error { _, err := Open(dir); return err },
		"ReadNPY":    func() error { _, err := ReadNPY(pipe); return err },
		"ReadNPZ":    func() error { _, err := ReadNPZ(pipe); return err },
		"LoadImages": func() error { _, err := LoadImages(nn.Shape{1, 2, 2}, pipe); return err },
	} {
		t.Run(name, func(t *testing.T) {
			wantError(t, read(), pipe+": not a regular file")
		})
	}
}
