// Package checker finds what a model says that contradicts ONNX or itself: operators, inputs,
// outputs and attributes that its opset does not have; types of inputs that an operator does
// not take; shapes and settings that do not go together; and declared types and shapes, of
// inputs with an initializer, outputs and value_info, that are not those of the values.
//
// It follows the nodes once, with the schemas of package operators for types and package
// shapeinfer for shapes. Sizes that a file leaves open stand for two numbers each, as in
// package ir: only what comes out equal for both is known, and not because it was rounded to
// one (rounding.go), so a symbol never contradicts a size. What is not sure is not known.
//
// The yardstick is onnx.checker.check_model with full_check: testdata/ref/checker_oracle.py
// plants contradictions and records what it says, and TestOracle holds Check against that.
// Package onnxio lists in what they differ.
package checker
