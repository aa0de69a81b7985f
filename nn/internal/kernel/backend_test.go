package kernel

import (
	"strings"
	"testing"
)

// eachBackend runs a test on every backend that this machine has.
func eachBackend(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	for _, backend := range Backends() {
		t.Run(backend+"/"+name, func(t *testing.T) {
			restore, err := Use(backend)
			if err != nil {
				t.Fatal(err)
			}
			defer restore()
			f(t)
		})
	}
}

// The environment's choice holds for tests too: a run that requires a backend fails
// without it.
func TestBackendIsTheOneAskedFor(t *testing.T) {
	if _, err := Backend(); err != nil {
		t.Fatal(err)
	}
}

func TestEnvironmentChoosesTheBackend(t *testing.T) {
	restore, err := Use(Backends()[0])
	if err != nil {
		t.Fatal(err)
	}
	defer restore()
	for _, c := range []struct{ choose, require, want string }{
		{"", "", ""},
		{"go", "", ""},
		{"go", "go", ""},
		{"go", "neon", "GONN_REQUIRE=neon, but the kernels in use are go"},
		{"sse", "", `GONN_KERNEL: no kernels "sse" on this machine: choose one of `},
	} {
		switch err := fromEnv(c.choose, c.require); {
		case c.want == "" && err != nil:
			t.Errorf("%+v: %v", c, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%+v: error %v", c, err)
		}
	}
}
