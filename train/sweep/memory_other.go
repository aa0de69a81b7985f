//go:build !linux

package sweep

func freeMemory() int64 { return unknownMemory }
