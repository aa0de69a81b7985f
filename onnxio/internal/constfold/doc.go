// Package constfold computes what depends on constants only: Fold does it for a node, and
// FoldShapes for one that depends on shapes that are known, but for the batch. Calculate
// applies an operator to constants. Nothing is computed that the budget of the ir.Graph does
// not pay for.
package constfold
