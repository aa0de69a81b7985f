// Package operators holds the schemas of ONNX's operators in all versions: their inputs and
// outputs, the types that these may have, and their attributes. They come from the onnx
// package (operators.txt). Check holds a node against its schema, ResultTypes gives the types
// of its results.
package operators
