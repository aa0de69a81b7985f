package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/run"
)

// groupBySeed gives runs that are in no sweep and differ in nothing but their seed one Group.
func groupBySeed(sources []Source) {
	alike := map[string][]*Source{}
	taken := map[string]int{} // names of sources and groups
	var keys []string
	for i := range sources {
		s := &sources[i]
		taken[s.Group]++
		if s.Settings == nil || s.Group != s.Name {
			continue
		}
		key := settingsKey(*s.Settings)
		if alike[key] == nil {
			keys = append(keys, key)
		}
		alike[key] = append(alike[key], s)
	}
	for _, key := range keys {
		of := alike[key]
		if len(of) < 2 || !differentSeeds(of) {
			continue
		}
		name := groupName(of)
		if taken[name] > 0 {
			name = of[0].Name + " to " + of[len(of)-1].Name
		}
		taken[name]++
		for _, s := range of {
			s.Group = name
		}
	}
}

// settingsKey is equal for runs that differ in their seed only.
func settingsKey(s run.Settings) string {
	var b strings.Builder
	for name, v := range s.All() {
		if name != "seed" && !run.Incidental(name) {
			fmt.Fprintf(&b, "%s=%q,", name, fmt.Sprint(v))
		}
	}
	return b.String()
}

// differentSeeds reports whether no two runs have the same seed: those are one run, made twice.
func differentSeeds(of []*Source) bool {
	var seeds []uint64
	for _, s := range of {
		if slices.Contains(seeds, s.Settings.Seed) {
			return false
		}
		seeds = append(seeds, s.Settings.Seed)
	}
	return true
}

// groupName is what the names of runs begin with, without the number or seed that follows: prelu
// of prelu-001 and prelu-002.
func groupName(of []*Source) string {
	common := of[0].Name
	for _, s := range of {
		for !strings.HasPrefix(s.Name, common) {
			common = common[:len(common)-1]
		}
	}
	const end = "0123456789-_., "
	common = strings.TrimSuffix(strings.TrimRight(common, end), "seed=") // of a sweep's cells
	if common = strings.TrimRight(common, end); common != "" {
		return common
	}
	return of[0].Name + " to " + of[len(of)-1].Name
}
