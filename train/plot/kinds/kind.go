package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot"
)

// Kind is a picture that gonn plot draws.
type Kind struct {
	Name string
	// Usage is one line for help pages.
	Usage string
	// Takes says what the picture is of.
	Takes Takes
	// Optional kinds also draw without anything that they take.
	Optional bool
	// Trainable kinds take no file that has no trainable form, which runs on the evaluator.
	Trainable bool
	// Data reports whether the picture needs samples: Input.Data.
	Data bool
	// Pictures reports whether IMAGE… may stand behind the models, in place of samples:
	// Source.Pictures.
	Pictures bool
	// Limit is the number of samples of each set if --limit does not say; 0 for all.
	Limit int
	// Options are the flags that this kind reads beside those of all.
	Options []Option
	// Draw makes the picture. Errors of options are of Input.Usage.
	Draw func(*Input) (*plot.Figure, error)
	// Formats are further files that it writes, by the extension of their names (".dot").
	Formats map[string]func(*Input) ([]byte, error)
}

// Takes is what a kind takes as arguments.
type Takes int

const (
	Nothing  Takes = iota
	Runs           // run folders and sweeps, for their histories: Source.Epochs
	Models         // run folders, sweeps and ONNX files, for their networks: Source.Model
	OneModel       // a run folder or ONNX file, for its network: Source.Model
)

// Models reports whether the sources have a network.
func (t Takes) Models() bool { return t == Models || t == OneModel }

// String names it.
func (t Takes) String() string {
	switch t {
	case Runs:
		return "RUN|SWEEP…"
	case Models:
		return "RUN|SWEEP|MODEL.onnx…"
	case OneModel:
		return "RUN|MODEL.onnx"
	}
	return ""
}

// Option is a flag. Kinds that have the same one share it.
type Option struct {
	Name string
	// Usage has the name of the value in backquotes.
	Usage string
	// Bool options take no value.
	Bool bool
}

// Table lists the kinds, in the order of help pages.
var Table = []*Kind{
	activations,
	mish,
	swish,
	losses,
	curves,
	slopes,
	dead,
	network,
	filters,
	maps,
	saliencies,
	confusion,
	mistakes,
	landscapes,
	interpolation,
}

// Names lists the names of the table.
func Names() []string {
	var names []string
	for _, k := range Table {
		names = append(names, k.Name)
	}
	return names
}

// Find finds a kind by its name.
func Find(name string) (*Kind, error) {
	i := slices.IndexFunc(Table, func(k *Kind) bool { return k.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("unknown picture %q: choose one of %s", name, strings.Join(Names(), ", "))
	}
	return Table[i], nil
}

// With lists the kinds that read an option.
func With(option string) []string {
	var names []string
	for _, k := range Table {
		if k.Has(option) {
			names = append(names, k.Name)
		}
	}
	return names
}

// TakesText is how help pages write what the kind takes.
func (k *Kind) TakesText() string {
	s := k.Takes.String()
	if s != "" && k.Optional {
		s = "[" + s + "]"
	}
	if k.Pictures {
		s += " [IMAGE…]"
	}
	return s
}

// Has reports whether the kind reads an option.
func (k *Kind) Has(option string) bool {
	return slices.ContainsFunc(k.Options, func(o Option) bool { return o.Name == option })
}
