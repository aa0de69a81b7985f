package kinds

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/run"
)

// Runs that differ in their seed only are one group, which has a name of its own.
func TestGroupsBySeed(t *testing.T) {
	for _, c := range []struct {
		name string
		runs []Source
		want string // groups, in the order of runs
	}{
		{"seeds", made("relu-001 a 1", "relu-002 a 2", "other b 1"), "relu, relu, other"},
		{"two groups of one name", made("x1 a 1", "x2 a 2", "x3 b 1", "x4 b 2"), "x, x, x3 to x4, x3 to x4"},
		{"cells of a sweep", made("act=prelu,seed=1 a 1", "act=prelu,seed=12 a 2"), "act=prelu, act=prelu"},
		{"nothing in common", made("old a 1", "new a 2"), "old to new, old to new"},
		{"numbers", made("1 a 1", "2 a 2"), "1 to 2, 1 to 2"},
		{"another run has the name", made("x1 a 1", "x2 a 2", "x b 1"), "x1 to x2, x1 to x2, x"},
		{"one training, made twice", made("x1 a 1", "x2 a 1"), "x1, x2"},
		{"one run", made("x1 a 1"), "x1"},
	} {
		groupBySeed(c.runs)
		var got []string
		for _, s := range c.runs {
			got = append(got, s.Group)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: groups %v, want %s", c.name, got, c.want)
		}
	}
	cells := made("act=a,seed=1 a 1", "act=a,seed=2 a 2")
	for i := range cells {
		cells[i].Group = "a" // of a sweep
		cells[i].Settings.Workers = i
	}
	if groupBySeed(cells); cells[0].Group != "a" {
		t.Errorf("cells of a sweep have the group %s", cells[0].Group)
	}
}

// made are runs, each by its name, activation and seed.
func made(runs ...string) (all []Source) {
	for _, r := range runs {
		f := strings.Fields(r)
		all = append(all, Source{Name: f[0], Group: f[0], Settings: &run.Settings{Act: f[1], Seed: uint64(f[2][0])}})
	}
	return all
}
