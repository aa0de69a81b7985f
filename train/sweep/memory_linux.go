package sweep

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
)

// freeMemory is what programs may take without swapping, as the kernel estimates it, in bytes.
func freeMemory() int64 {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return unknownMemory
	}
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		var kib int64
		if _, err := fmt.Sscanf(lines.Text(), "MemAvailable: %d kB", &kib); err == nil {
			return kib << 10
		}
	}
	return unknownMemory
}
