// Package reference evaluates ONNX graphs plainly: floating-point numbers in float64,
// integers exactly, one small function for each operator, shapes and broadcasting as
// the ONNX specification says. It is meant to be obviously right: the yardstick that gonn's
// kernels, its importer and other runtimes are held against, and what still runs a model that
// has no trainable form.
//
// A value of type FLOAT, DOUBLE, FLOAT16 or BFLOAT16 is kept in float64 from node to
// node and is not rounded in between, so results are nearer to the mathematical ones
// than those of any float32 runtime. Only Cast and its kin round to the type they name,
// and so does Tensor.Graph, which gives a value back as ONNX stores it.
//
// Every sum is taken in one order, whatever the number of goroutines. Conv and ConvTranspose
// start with the bias, or 0, and add the products of the input channels one after the other,
// those of a channel in the order of the kernel's taps. MatMul, Gemm and Einsum add from 0 in
// the order of the axis that is summed over, pools in the order of the window. Taps over
// padding add nothing, not even 0 times a weight that is NaN or infinite. Convolutions,
// products and pools are computed in blocks, on up to GOMAXPROCS goroutines, and so are
// functions of elements; small nodes stay on the calling goroutine. Tests hold the blocks
// against plain loops bit by bit. Equal inputs give equal bits on a processor; compilers for
// others may join a product and a sum into one rounding, which changes a sum of n terms by at
// most about n·2⁻⁵² of the sum of their magnitudes.
//
// Evaluator.Run gives a model's outputs, Evaluator.Values any of its values by name, and
// Evaluator.Observe shows every value as it is computed. What is not asked for is dropped as
// soon as no node reads it any more.
//
// Every run has Limits of memory and operations. What a node takes is estimated from its inputs
// before it is begun (gives.go, scratch.go, work.go), and one that would go beyond a limit is
// refused with a LimitError. Evaluator.Within sets other limits, and a context that ends runs
// between nodes and inside of long ones.
package reference
