package run

import (
	"os"
	"path/filepath"
	"slices"
)

// Owns reports whether path is, or would be, one of the files of a run.
func Owns(path string) bool {
	own := []string{recordFile, stateFile, modelFile, metricsFile, lockFile, pending(stateFile), pending(modelFile)}
	if !slices.Contains(own, filepath.Base(path)) {
		return false
	}
	info, err := os.Stat(filepath.Join(filepath.Dir(path), recordFile))
	return err == nil && info.Mode().IsRegular()
}
