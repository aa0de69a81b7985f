package bundle_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/train/bundle"
)

func writeDescription(t testing.TB, dir string, d bundle.Description) {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, bundle.DescriptionFile), text, 0o666); err != nil {
		t.Fatal(err)
	}
}
