// Package layout takes transpositions, and reshapes that only move or join axes, out of a
// graph: Run does not carry them out but remembers with each value how its axes lie, and
// permutes constants instead, until a value reaches an operator for which the order matters.
// Where features are cut into a map the layer that gives them is permuted. A Map tells where
// the values of the file are then.
package layout
