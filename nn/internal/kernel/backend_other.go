//go:build !amd64 || purego

package kernel

// machineOps: no assembly here.
func machineOps() []*ops { return nil }
