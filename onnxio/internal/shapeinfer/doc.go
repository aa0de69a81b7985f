// Package shapeinfer works out types, shapes and small values before a model runs: Open enters
// the facts of the inputs and constants of an ir.Graph, and Infer those of a node's results.
// Every shape is known under two sizes of the batch, ir.Batches. A shape that a file makes
// impossible, or that would be too large, is not known.
package shapeinfer
