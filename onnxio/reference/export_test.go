package reference

import "slices"

// Operators names every operator, for tests.
func Operators() []string {
	var names []string
	for name := range ops {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
