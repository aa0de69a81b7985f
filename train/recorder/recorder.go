// Package recorder has the Python program that records trainings in PyTorch and Keras, and replays
// there what was recorded in Go. Script gives it for one of the two.
//
// Its parts stand in the folder python, those of one subject in a file; what both frameworks
// share comes first.
package recorder

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed python/*.py
var parts embed.FS

// Frameworks are the frameworks that there is a program for.
var Frameworks = []string{"pytorch", "keras"}

// titles and requirements are how the program's text names frameworks, and what it needs.
var (
	titles       = map[string]string{"pytorch": "PyTorch", "keras": "Keras"}
	requirements = map[string]string{
		"pytorch": "torch, numpy, onnx, and onnxscript, which PyTorch's exporter needs",
		"keras":   "keras on any of its backends, numpy, onnx, and what exports from\nthe backend: tf2onnx, jax2onnx, or onnxscript",
	}
)

// partsOf are the parts of each program, in their order.
var partsOf = map[string][]string{
	"pytorch": {"head", "verify", "pytorch_forms", "pytorch_record", "torch_backward", "pytorch_verify", "replay", "pytorch_replay", "study", "pytorch_study", "main"},
	"keras":   {"head", "verify", "keras_forms", "keras_record", "keras_export", "torch_backward", "keras_verify", "replay", "keras_replay", "study", "keras_study", "main"},
}

// Script is the program for a framework, one file.
func Script(framework string) ([]byte, error) {
	if !slices.Contains(Frameworks, framework) {
		return nil, fmt.Errorf("there is no recorder for %q: choose %s", framework, strings.Join(Frameworks, " or "))
	}
	var b strings.Builder
	for _, part := range partsOf[framework] {
		text, err := parts.ReadFile("python/" + part + ".py")
		if err != nil {
			return nil, err
		}
		b.Write(text)
	}
	script := strings.NewReplacer("REQUIREMENTS", requirements[framework], "`gonn record FRAMEWORK`", "`gonn record "+framework+"`", "FRAMEWORK's", titles[framework]+"'s", "FRAMEWORK model", titles[framework]+" model", "in FRAMEWORK ", "in "+titles[framework]+" ").Replace(b.String())
	return []byte(script), nil
}
