package rewrite_test

import (
	"errors"
	"os"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/fuzzrand"
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
		if len(b) < 1_000 { // larger ones are slow and say nothing new
			f.Add(b)
		}
	}
	for seed := range uint64(100) {
		if b := randomModel(seed).Bytes(); len(b) < 1_000 {
			f.Add(b)
		}
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

// FuzzCleanKeeps makes models, each byte of the input a choice: cleaning keeps the values that
// they compute, and what it infers of values is true.
func FuzzCleanKeeps(f *testing.F) {
	for i := range byte(20) {
		b := make([]byte, 40)
		for k := range b {
			b[k] = i * byte(13*k+7)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m := modelBy(fuzzrand.New(b), fuzzrand.Values())
		if err := cleanKeeps(m, 0, rewritetest.Tolerance); err != nil && !errors.Is(err, rewritetest.ErrNotRun) {
			t.Errorf("%v\n%s\ncleaned:\n%s", err, rewritetest.Print(m), cleanedText(m))
		}
	})
}
