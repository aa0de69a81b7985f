// Package conformance runs ONNX's own test cases, which testdata/ref/conformance_cases.py
// writes, against anything that runs ONNX models.
//
// A case is a model, inputs, and the outputs that it must give. A case that is not
// supported is an entry of a list with a reason. The list is held to what happens: a case
// that is listed and passes, or fails in another way than the list says, fails the test,
// and so does an entry that fits no case.
package conformance
