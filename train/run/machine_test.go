package run

import (
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

func TestBuildOf(t *testing.T) {
	level := debug.BuildSetting{Key: "GO" + strings.ToUpper(runtime.GOARCH), Value: "v3"}
	of := func(path, version string) debug.Module { return debug.Module{Path: path, Version: version} }
	replaced := of(module, "v1.2.3")
	replaced.Replace = &debug.Module{Path: "../gonn"}
	gonn := of(module, "v1.2.3")
	for _, c := range []struct {
		name        string
		info        debug.BuildInfo
		build, arch string
	}{
		{"a release", debug.BuildInfo{Main: gonn}, "v1.2.3", ""},
		{"go run in a checkout", debug.BuildInfo{Main: of(module, "(devel)")}, "", ""},
		{"a commit", debug.BuildInfo{Main: of(module, "v0.0.0-20260102030405-0123456789ab+dirty"), Settings: []debug.BuildSetting{level}},
			"v0.0.0-20260102030405-0123456789ab+dirty", "v3"},
		{"a dependency", debug.BuildInfo{Main: of("example.org/x", "v9.9.9"), Deps: []*debug.Module{&gonn}}, "v1.2.3", ""},
		{"one that is replaced", debug.BuildInfo{Main: of("example.org/x", "v9.9.9"), Deps: []*debug.Module{&replaced}}, "", ""},
	} {
		if build, arch := buildOf(&c.info); build != c.build || arch != c.arch {
			t.Errorf("%s: %q, %q", c.name, build, arch)
		}
	}
}

// A session tells how it differs from the one before, and the run remembers both.
func TestResumingOnAnotherMachineIsTold(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	end(t, create(t, dir, settings()))
	now := thisMachine()
	changed := 0
	for _, c := range []struct {
		edit func(*Machine)
		want []string
	}{
		{func(*Machine) {}, nil},
		{func(m *Machine) { m.Kernels = "sse9" }, []string{"kernels " + now.Kernels + ", before sse9"}},
		{func(m *Machine) { m.Go = "go1.2" }, []string{"Go " + now.Go + ", before go1.2"}},
		{func(m *Machine) { m.Arch, m.Level = "mips", "" }, []string{"architecture " + now.Arch + ", before mips"}},
		{func(m *Machine) { m.Kernels, m.Build, m.CPUs, m.OS = "", "v0.0.1", 99, "plan9" }, nil}, // builds of tests have no version
	} {
		r, err := readRecord(dir)
		if err != nil {
			t.Fatal(err)
		}
		c.edit(&r.Sessions[len(r.Sessions)-1])
		if err := r.replace(dir); err != nil {
			t.Fatal(err)
		}
		s := goOn(t, dir, nil)
		if got := s.Differences(); !slices.Equal(got, c.want) {
			t.Errorf("differences %q, want %q", got, c.want)
		}
		changed += len(c.want)
		end(t, s)
		after, err := Open(dir)
		if n := len(r.Sessions); err != nil || len(after.Sessions) != n+1 || after.Sessions[n-1] != r.Sessions[n-1] || after.Sessions[n].Kernels != now.Kernels {
			t.Errorf("the run remembers %+v, error %v", after.Sessions, err)
		}
	}
	newer := Machine{Build: "v2.0.0", Level: "v3"}
	if got := newer.differences(Machine{Build: "v1.0.0", Level: "v1"}); !slices.Equal(got, []string{"gonn v2.0.0, before v1.0.0", "architecture level v3, before v1"}) {
		t.Errorf("builds: %q", got)
	}
	t.Logf("promise U6: %d changes of kernels, Go and architecture from one session to the next: each is told and recorded", changed)
}
