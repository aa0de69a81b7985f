// Package rewrite cleans the graph of an ONNX model until it looks like the network that
// somebody wrote: exporters fold, negate, transpose, merge and rename, and a reader that
// knew each one's habits would never be finished. Clean instead runs general passes over one
// ir.Graph:
//
//   - opset, constfold, canonical and shapeinfer, node by node: operators of old versions get
//     the form of today, what depends only on constants or on known shapes is computed, and
//     types and shapes are worked out;
//   - layout: what only moves axes is taken out;
//   - fuse: nodes that are one layer become one node.
//
// Prepare runs the first of them alone, so that Prepared.As can try several orders of the
// axes of one model's input.
//
// Each pass keeps the function that the graph computes; the tests run files of exporters,
// small graphs for each rule and random models before and after through the reference
// evaluator. Three things are taken for granted: the first axis of an input without a fixed
// size is the batch, a Squeeze of all axes of one leaves the batch there, and numbers may be
// rounded as their own type rounds. Layout may change the order of the axes of the model's
// input and output, which Result tells.
//
// A file may say anything. A node is touched only if it is schema.Readable; one that cannot be
// brought to today's form is marked, and opset.WhyNotUpgraded says why. Nothing is done or kept that
// the size of the file does not pay for.
package rewrite
