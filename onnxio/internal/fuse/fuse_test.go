package fuse

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

func TestRulesHaveSchemas(t *testing.T) {
	for op := range rules {
		if !schema.Known(op) {
			t.Errorf("%s has rules and no schema", op)
		}
	}
}
