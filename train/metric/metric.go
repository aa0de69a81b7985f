package metric

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
)

// Metric is a callback that logs values of each epoch. Types embed Base and write the methods
// that they need. It may also be a train.Observer.
type Metric interface {
	train.Callback
	// Memory is what the metric has added up over the steps of the epoch so far. EpochBegin
	// clears it unless training goes on within the epoch (State.Position.Step is above 0).
	Memory() Memory
}

// Memory is the memory of a metric itself: filling it restores the metric. Names are unique
// in it, and the same for every network of one structure.
type Memory struct {
	Numbers []Number
	Tensors []Tensor
}

// Number is a sum.
type Number struct {
	Name  string
	Value *float64
}

// Tensor is a value for each of the elements of a shape.
type Tensor struct {
	Name  string
	Shape nn.Shape
	Data  []float32
}

// Base is a Metric that does nothing and remembers nothing.
type Base struct{ train.Base }

func (Base) Memory() Memory { return Memory{} }

// Kind is a metric as users choose it.
type Kind struct {
	Name    string // "grad-norm"
	Usage   string // a line for help pages
	Default bool   // recorded if nothing is chosen
	// New makes the metric for a training of net. A network that it has nothing to say about
	// gives one without values.
	New func(net *nn.Network) Metric
}

var kinds []Kind

// Register adds a metric for Parse. It panics if the name is taken or is none: it is for package
// initialisation.
func Register(k Kind) {
	if k.Name == "" || k.Name == none || strings.ContainsAny(k.Name, ", ") || slices.Contains(Names(), k.Name) || k.New == nil {
		panic(fmt.Sprintf("metric: cannot register %q: the name is taken or is none, or there is no New", k.Name))
	}
	kinds = append(kinds, k)
	slices.SortFunc(kinds, func(a, b Kind) int { return strings.Compare(a.Name, b.Name) })
}

// Kinds lists the metrics by name.
func Kinds() []Kind { return slices.Clone(kinds) }

// Names lists the names of the metrics.
func Names() (names []string) {
	for _, k := range kinds {
		names = append(names, k.Name)
	}
	return names
}

// none is a list without metrics.
const none = "none"

// Default is the list of those that are recorded if nothing is chosen.
func Default() string {
	var names []string
	for _, k := range kinds {
		if k.Default {
			names = append(names, k.Name)
		}
	}
	return strings.Join(names, ",")
}

// Parse reads a list of metrics, as in "dead,grad-norm". "" stands for Default, "none" for none.
func Parse(list string) (chosen []Kind, err error) {
	switch list {
	case none:
		return nil, nil
	case "":
		return Parse(Default())
	}
	for name := range strings.SplitSeq(list, ",") {
		i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
		switch {
		case name == none:
			return nil, errors.New("none stands alone")
		case i < 0:
			return nil, fmt.Errorf("there is no metric %q: choose some of %s, or none", name, strings.Join(Names(), ", "))
		case slices.ContainsFunc(chosen, func(k Kind) bool { return k.Name == name }):
			return nil, fmt.Errorf("%s is named twice", name)
		}
		chosen = append(chosen, kinds[i])
	}
	return chosen, nil
}
