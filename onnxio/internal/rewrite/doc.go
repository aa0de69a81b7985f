// Package rewrite cleans the graph of an ONNX model until it looks like the network that
// somebody wrote: exporters fold, negate, transpose, merge and rename, and a reader that
// knew each one's habits would never be finished. Instead four general passes run one
// after the other:
//
//   - lift (lift.go): operators of old versions get the form of today, attributes become
//     inputs;
//   - fold (fold.go): what depends only on constants, or on shapes that are known but for
//     the batch, is computed with the reference evaluator's own operators;
//   - layout (layout.go): transpositions, and reshapes that only move or join axes, are
//     not carried out but remembered with each value, and constants are permuted instead,
//     until the value reaches an operator for which the order matters;
//   - merge (merge.go): nodes that are one layer become one node, such as MatMul and Add.
//
// Each pass keeps the function that the graph computes; the tests run every graph before
// and after through the reference evaluator. Layout may change the order of the axes of
// the model's input and output, which Result tells.
package rewrite
