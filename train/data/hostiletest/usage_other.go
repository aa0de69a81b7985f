//go:build !linux

package hostiletest

import "time"

// Elsewhere children run, but what they take is not counted.

func resetPeak() error       { return nil }
func cpuTime() time.Duration { return 0 }

// PeakMemory is 0 on this system.
func PeakMemory() (int64, error) { return 0, nil }
