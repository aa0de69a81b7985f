//go:build !amd64 || purego

package kernel

// detectISAs: no assembly here.
func detectISAs() []*isa { return nil }
