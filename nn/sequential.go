package nn

import "fmt"

// Sequential builds a chain of layers. Layers are named by Layer.Stem, with a number if there are
// several with the same stem: conv1, act1, conv2, act2, flatten, dense.
func Sequential(input Shape, layers ...Layer) (*Network, error) {
	total := map[string]int{}
	for i, l := range layers {
		if l == nil {
			return nil, fmt.Errorf("layer %d of %d: there is none, the layer is nil", i+1, len(layers))
		}
		total[l.Stem()]++
	}
	seen := map[string]int{}
	b := NewBuilder(input)
	for _, l := range layers {
		stem := l.Stem()
		seen[stem]++
		name := stem
		if total[stem] > 1 {
			name = fmt.Sprintf("%s%d", stem, seen[stem])
		}
		b.Add(name, l)
	}
	return b.Build()
}
