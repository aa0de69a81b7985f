package bench

import (
	"os"
	"runtime"
	"strings"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// Machine is what figures were measured on.
type Machine struct {
	CPU        string   `json:"cpu"`
	Processors int      `json:"processors"`
	Platform   string   `json:"platform"`
	Go         string   `json:"go"`
	Kernels    string   `json:"kernels"`   // in use
	Available  []string `json:"available"` // kernels that this machine can run
}

// ThisMachine describes the machine at hand. The error says that the environment asks
// for kernels that it has not.
func ThisMachine() (Machine, error) {
	inUse, err := kernel.Backend()
	if err != nil {
		return Machine{}, err
	}
	return Machine{
		CPU:        cpuName(),
		Processors: AllWorkers(),
		Platform:   runtime.GOOS + "/" + runtime.GOARCH,
		Go:         runtime.Version(),
		Kernels:    inUse,
		Available:  kernel.Backends(),
	}, nil
}

// cpuName is the processor's name where Linux tells it, else its architecture.
func cpuName() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(info)) {
		key, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
