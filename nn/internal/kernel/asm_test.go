package kernel

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The assembly is what the generator in _asm writes: neither has been changed without
// the other.
func TestAssemblyIsFresh(t *testing.T) {
	text, err := os.ReadFile("_asm/asm.sum")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(text)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		path := filepath.Join("_asm", filepath.FromSlash(name))
		listed = append(listed, path)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if fmt.Sprintf("%x", sha256.Sum256(b)) != sum {
			t.Errorf("%s is not what asm.sum says: run go generate in nn/internal/kernel", path)
		}
	}
	for _, pattern := range []string{"_asm/*.go", "*_amd64.s", "*_stubs_amd64.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !slices.Contains(listed, f) {
				t.Errorf("asm.sum does not list %s: run go generate in nn/internal/kernel", f)
			}
		}
	}
}
