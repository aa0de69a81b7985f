package rewrite_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

// golden is the folder of files that exporters and gonn wrote. GONN_EXPORTED names a folder
// with more of them.
const golden = "../../../testdata/golden"

// models are the paths of all models in golden and in GONN_EXPORTED.
func models(t testing.TB) (paths []string) {
	t.Helper()
	for _, root := range []string{golden, os.Getenv("GONN_EXPORTED")} {
		if root == "" {
			continue
		}
		before := len(paths)
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(path, ".onnx") {
				paths = append(paths, path)
			}
			return err
		})
		if err != nil || len(paths) == before {
			t.Fatalf("%s: no models (%v)", root, err)
		}
	}
	return paths
}

// Cleaning keeps the function of every file, and says the truth of its values.
func TestCleanKeepsExportedFiles(t *testing.T) {
	kept, foreign := 0, 0
	for _, path := range models(t) {
		m, err := graph.ReadFile(path)
		if err != nil {
			continue // a file that is wrong on purpose
		}
		if _, err := rewritetest.Evaluate(m, rewritetest.InputsOf(m, 2, rewritetest.Rand(1))); err != nil {
			foreign++ // it has operators of others
			rewrite.Clean(m)
			continue
		}
		if err := cleanKeeps(m, 1, rewritetest.Tolerance); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		kept++
	}
	t.Logf("%d files keep their function; %d cannot be run", kept, foreign)
}
