// Package gorgonia is a second opinion made by other people: an engine whose arithmetic
// shares no line with gonn's. onnx-go decodes a file, Gorgonia's operators compute it, and
// Gorgonia differentiates it.
//
// What onnx-go decodes is never the file that was asked about. onnx-go panics on broken
// files and takes some valid ones for others, so the model is read by gonn
// (onnxio.Import), and gonn writes the network anew as a clean file, in few plain
// operators and for one batch size: lower.go, with a rule for each operator in rules.go.
// The faults that the rules go around are each shown by a test in faults_test.go, which
// fails when its fault is gone.
package gorgonia
