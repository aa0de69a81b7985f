//go:build !ort

package ort

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestOpenSaysHowToBuild(t *testing.T) {
	s, err := Engine{"libonnxruntime.so"}.Open(&graph.Model{})
	if s != nil || err == nil || !strings.Contains(err.Error(), "go build -tags ort ./cmd/gonn") {
		t.Errorf("got %v and error %v", s, err)
	}
}
