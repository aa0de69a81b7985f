// Package opset upgrades nodes to today's operators: an Upgrader gives nodes that do what one
// of an older version of ONNX does, or one of ONNX Runtime's that is a layer and an activation
// in one. A node that has no equal is marked NotUpgraded.
package opset
