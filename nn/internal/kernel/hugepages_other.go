//go:build !linux

package kernel

// adviseHugePages does nothing: systems other than Linux choose the size of pages themselves.
func adviseHugePages([]float32) {}
