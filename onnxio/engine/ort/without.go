//go:build !ort || !(darwin || freebsd || linux || netbsd || windows)

package ort

import (
	"errors"

	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Open says how to get a program that has the engine.
func (Engine) Open(*graph.Model) (engine.Session, error) {
	return nil, errors.New("this program was built without ONNX Runtime: build it with go build -tags ort ./cmd/gonn (on Linux, macOS, Windows, FreeBSD or NetBSD)")
}
