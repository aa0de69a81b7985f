// Package reference evaluates ONNX graphs plainly: floating-point numbers in float64,
// integers exactly, one small function for each operator, shapes and broadcasting as
// the ONNX specification says. It is slow and meant to be obviously right: the
// yardstick that gonn's kernels, its importer and other runtimes are held against, and
// what still runs a model that has no trainable form.
//
// A value of type FLOAT, DOUBLE, FLOAT16 or BFLOAT16 is kept in float64 from node to
// node and is not rounded in between, so results are nearer to the mathematical ones
// than those of any float32 runtime. Only Cast and its kin round to the type they name,
// and so does Tensor.Graph, which gives a value back as ONNX stores it.
//
// Operators stand in families, one file each; ops.go lists the families.
package reference
