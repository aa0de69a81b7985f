package atomicfile

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestFullDeviceIsAnError(t *testing.T) {
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(f, []byte("x")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got error %v, want ENOSPC", err)
	}
}

// A limit on the size of files stands for a disk that fills up in the middle of a
// write. It holds for a whole process, so the test runs itself as a child.
func TestWriteThatDoesNotFitLeavesTheOldFile(t *testing.T) {
	const env = "ATOMICFILE_TEST_PATH"
	if path := os.Getenv(env); path != "" {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1000, Max: 1000}); err != nil {
			t.Fatal(err)
		}
		if err := Write(path, make([]byte, 5000)); err != nil {
			t.Fatal(err)
		}
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	if err := Write(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), env+"="+path)
	out, err := child.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "write "+path+": file too large") {
		t.Errorf("the child ended with %v and said %q; want an error that names the file", err, out)
	}
	if got := content(t, path); got != "old" {
		t.Errorf("the old file became %q", got)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"a"}) {
		t.Errorf("the folder holds %v, want only the file", got)
	}
}
