// Package schema tells how ONNX's operators are written in today's form: which operands and
// settings a node may have, so that it is Readable, and which operators are of one class:
// Elementwise, Broadcasting, Reductions.
package schema
