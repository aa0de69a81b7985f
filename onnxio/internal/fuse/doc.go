// Package fuse makes one node of nodes that are one layer, such as MatMul and Add, and gives
// nodes their usual form: Run applies rules to an ir.Graph until none finds anything.
package fuse
