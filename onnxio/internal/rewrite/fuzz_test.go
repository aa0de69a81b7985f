package rewrite_test

import (
	"os"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

// FuzzClean gives files that may say anything. Cleaning has no error to give: it must come
// to an end, without a panic, and leave a model that can be used as it stands.
func FuzzClean(f *testing.F) {
	for _, path := range models(f) {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		if len(b) < 8_000 { // the engine takes long over large ones
			f.Add(b)
		}
	}
	for seed := range uint64(100) {
		f.Add(randomModel(seed).Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := graph.Read(b)
		if err != nil {
			return
		}
		before := rewritetest.Print(m)
		r := rewrite.Clean(m)
		if rewritetest.Print(m) != before {
			t.Error("the model was changed")
		}
		if err := r.Model.Check(); err != nil {
			t.Errorf("what comes out cannot be used: %v\n%s", err, rewritetest.Print(r.Model))
		}
		rewrite.Constants(m)
	})
}
