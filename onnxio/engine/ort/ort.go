// Package ort is an engine that runs models in ONNX Runtime, through the C interface of
// its shared library. The library is loaded when a model is opened; no C compiler takes
// part, but a program that can load libraries is not a static one. So the engine is only
// there in programs built with the tag ort:
//
//	go build -tags ort ./cmd/gonn
//
// Without it Open is an error that says so.
package ort

// Engine runs models in ONNX Runtime 1.11 or later, on the CPU, with its own choice of
// threads and optimisations.
type Engine struct {
	// Library is the path of ONNX Runtime's shared library. The package onnxruntime of PyPI
	// has it as onnxruntime/capi/libonnxruntime.so.VERSION.
	Library string
}

// Name is "ort".
func (Engine) Name() string { return "ort" }
