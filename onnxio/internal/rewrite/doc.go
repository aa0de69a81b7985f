// Package rewrite cleans the graph of an ONNX model until it looks like the network that
// somebody wrote: exporters fold, negate, transpose, merge and rename, and a reader that
// knew each one's habits would never be finished. Instead three general passes run one
// after the other:
//
//   - fold (fold.go): operators of old versions get the form of today (lift.go), and what
//     depends only on constants, or on shapes that are known but for the batch (facts.go,
//     shapes.go), is computed with the reference evaluator's own operators;
//   - layout (layout.go): transpositions, and reshapes that only move or join axes, are
//     not carried out but remembered with each value (view.go), and constants are permuted
//     instead (arrange.go), until the value reaches an operator for which the order
//     matters; where features are cut into a map the layer that gives them is permuted
//     (layoutcut.go, layoutfeatures.go);
//   - merge (merge.go): nodes that are one layer become one node, such as MatMul and Add.
//
// Each pass keeps the function that the graph computes; the tests run files of exporters,
// small graphs for each rule and random models before and after through the reference
// evaluator. Three things are taken for granted: the first axis of an input without a fixed
// size is the batch, a Squeeze of all axes of one leaves the batch there, and numbers may be
// rounded as their own type rounds. Layout may change the order of the axes of the model's
// input and output, which Result tells.
//
// A file may say anything. A node is touched only if all that it says is known
// (readable.go); one that cannot be brought to today's form is marked (Unlifted). Nothing
// is done or kept that the size of the file does not pay for (budget.go).
package rewrite
