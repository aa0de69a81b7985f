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

// Attributes names what an operator may have.
func Attributes(op string, opset int64) []string {
	s, err := SignatureOf(op, opset)
	if err != nil {
		panic(err)
	}
	return s.Attributes
}
