package graph

// Feeds lists the inputs that whoever runs the graph must give. An input with an
// initializer of its name has a value already; before IR version 4 all initializers were
// among the inputs.
func (g *Graph) Feeds() []*Value {
	initial := map[string]bool{}
	for _, t := range g.Initializers {
		initial[t.Name] = true
	}
	var feeds []*Value
	for _, v := range g.Inputs {
		if !initial[v.Name] {
			feeds = append(feeds, v)
		}
	}
	return feeds
}
