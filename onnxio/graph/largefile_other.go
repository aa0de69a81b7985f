//go:build !linux

package graph

// largeFile is nothing here.
const largeFile = 0
