package hostiletest

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// resetPeak makes the kernel count the peak of this process's memory anew.
func resetPeak() error { return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// PeakMemory is the largest resident memory of this process, in bytes, since resetPeak if it
// was called. What getrusage says of a child includes its parent's from before the child was
// executed.
func PeakMemory() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		return 0, fmt.Errorf("/proc/self/status: VmHWM: %w", err)
	}
	return kilobytes << 10, nil
}

// cpuTime is what this process has spent, in user mode and in the kernel.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
