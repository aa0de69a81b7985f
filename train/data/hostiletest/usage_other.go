//go:build !linux

package hostiletest

import "time"

// Elsewhere children run, but what they take is not counted.

func resetPeak() error           { return nil }
func peakMemory() (int64, error) { return 0, nil }
func cpuTime() time.Duration     { return 0 }
