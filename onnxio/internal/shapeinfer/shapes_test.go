package shapeinfer

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

func TestShapeRulesHaveSchemas(t *testing.T) {
	for op := range shapeRules {
		if !schema.Known(op) {
			t.Errorf("%s has a rule for shapes and no schema", op)
		}
	}
}
