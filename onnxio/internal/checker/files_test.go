package checker

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// unreadable are goldens with an operator that ONNX does not have, which its exporter left.
var unreadable = []string{"exported/keras-tf/study-gelu-activation/model.onnx"}

// No file of the goldens contradicts itself, nor does one of the folders of GONN_EXPORTED and
// GONN_ONNX_CASES, if these are given: ONNX's own cases and what exporters write.
func TestConformanceOfFiles(t *testing.T) {
	count, lost := 0, 0
	for _, root := range []string{"../../../testdata/golden", os.Getenv("GONN_EXPORTED"), os.Getenv("GONN_ONNX_CASES")} {
		if root == "" {
			continue
		}
		err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(file) != ".onnx" {
				return err
			}
			m, err := graph.ReadFile(file)
			if err != nil {
				return nil // refused before: values that are no tensors, and the like
			}
			count++
			if problems := Check(m); len(problems) > 0 && !isUnreadable(file) {
				lost++
				t.Errorf("%s: %v", file, problems[0])
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("promise U8: %d of %d files of exporters and of ONNX's own that are read are refused as contradictions", lost, count)
	if count < 150 {
		t.Errorf("%d files were read, want 150", count)
	}
}

func isUnreadable(file string) bool {
	for _, name := range unreadable {
		if strings.HasSuffix(filepath.ToSlash(file), name) {
			return true
		}
	}
	return false
}
