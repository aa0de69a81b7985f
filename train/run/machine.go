package run

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
)

// Machine is where, when and by which program a session of a run began to train.
type Machine struct {
	Build   string    `json:"build,omitempty"` // version of this module, as the go command records it; "" if it does not
	Go      string    `json:"go"`
	OS      string    `json:"os"`
	Arch    string    `json:"arch"`
	Level   string    `json:"level,omitempty"` // of the architecture that the compiler may use, as in GOAMD64: v3 fuses multiplications and additions
	CPUs    int       `json:"cpus"`
	Kernels string    `json:"kernels,omitempty"` // nn.Backend; bits are the same on one of them
	Started time.Time `json:"started"`
}

func thisMachine() Machine {
	kernels, _ := nn.Backend() // the name is right even if the environment asks for another
	m := Machine{
		Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU(),
		Kernels: kernels, Started: time.Now().UTC().Truncate(time.Second),
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		m.Build, m.Level = buildOf(info)
	}
	return m
}

const module = "github.com/gonn-toolkit/gonn"

// buildOf is the version of gonn in a program, whether it is the main module or one that
// another depends on, and the level of the architecture that it was compiled for. Builds
// in a checkout have a version of the commit, but for go run and -buildvcs=false, whose
// "(devel)" says nothing.
func buildOf(info *debug.BuildInfo) (version, level string) {
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path != module {
			continue
		}
		if m.Replace != nil {
			m = m.Replace
		}
		version = m.Version
	}
	if version == "(devel)" {
		version = ""
	}
	for _, s := range info.Settings {
		if s.Key == "GO"+strings.ToUpper(runtime.GOARCH) {
			level = s.Value
		}
	}
	return version, level
}

// differences lists how a machine differs from the one before where that may change bits. What
// either does not say is passed over.
func (m Machine) differences(before Machine) (list []string) {
	for _, c := range []struct{ what, now, was string }{
		{"kernels", m.Kernels, before.Kernels},
		{"gonn", m.Build, before.Build},
		{"Go", m.Go, before.Go},
		{"architecture", m.Arch, before.Arch},
		{"architecture level", m.Level, before.Level},
	} {
		if c.now != c.was && c.now != "" && c.was != "" {
			list = append(list, fmt.Sprintf("%s %s, before %s", c.what, c.now, c.was))
		}
	}
	return list
}
