package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// ModuleValues are the values of a file that the author's modules or layers give, as far as the
// exporter has written where nodes come from.
type ModuleValues struct {
	calls  map[string][]string // by module, in the file's order
	script bool                // TorchScript's names are among the nodes'
}

// ModuleValuesOf finds them: of each call the result of the last of its nodes.
func ModuleValuesOf(m *graph.Model) *ModuleValues {
	p := &provenance{file: m}
	found := map[string]*moduleCalls{}
	v := &ModuleValues{calls: map[string][]string{}}
	for _, n := range m.Graph.Nodes {
		v.script = v.script || isScriptName(n.Name)
		for _, name := range p.modules(n) {
			if found[name] == nil {
				found[name] = &moduleCalls{of: map[string]*moduleCall{}}
			}
			found[name].enter(n)
		}
	}
	for name, c := range found {
		for _, call := range c.all {
			if call.computes && call.into == nil {
				v.calls[name] = append(v.calls[name], call.value)
			}
		}
	}
	return v
}

// Of lists the values of a module, by its name in the framework, one for each of its calls.
// isModule reports whether a name is that of another module: TorchScript numbers calls, relu_1,
// as authors may number modules.
func (v *ModuleValues) Of(module string, isModule func(name string) bool) []string {
	all := slices.Clone(v.calls[module])
	for k := 1; v.script && len(all) > 0; k++ {
		name := fmt.Sprintf("%s_%d", module, k)
		if isModule(name) || len(v.calls[name]) == 0 {
			break
		}
		all = append(all, v.calls[name]...)
	}
	return all
}

// onlyPassOn are operators that compute nothing. An exporter's optimiser may leave one under
// the name of a layer whose own nodes are part of others since.
var onlyPassOn = []string{"Transpose", "Identity", "Cast"}

// moduleCalls are the calls of one module. The nodes of a call hang together; those of another
// call read what other modules have made of it.
type moduleCalls struct {
	all []*moduleCall
	of  map[string]*moduleCall // by the values that a call gives
}

type moduleCall struct {
	value    string
	computes bool        // it has a node that does more than pass on
	into     *moduleCall // that it turned out to be a part of
}

// whole is the call that a part of one belongs to.
func (c *moduleCall) whole() *moduleCall {
	for c.into != nil {
		if c.into.into != nil {
			c.into = c.into.into
		}
		c = c.into
	}
	return c
}

// enter adds the module's next node of the file.
func (c *moduleCalls) enter(n *graph.Node) {
	if len(n.Outputs) == 0 || len(n.Inputs) == 0 { // calls may share a constant
		return
	}
	var own *moduleCall
	for _, in := range n.Inputs {
		call := c.of[in]
		if call == nil {
			continue
		}
		switch call = call.whole(); {
		case own == nil:
			own = call
		case call != own:
			call.into, own.computes = own, own.computes || call.computes
		}
	}
	if own == nil {
		own = &moduleCall{}
		c.all = append(c.all, own)
	}
	for _, out := range n.Outputs {
		c.of[out] = own
	}
	if own.computes = own.computes || !slices.Contains(onlyPassOn, n.OpType); own.computes {
		own.value = n.Outputs[0]
	}
}
