// Package model opens what a user names as a model, a run folder or an ONNX file, and
// tells what is known of its making: the loss it was trained with, how it reads pixels,
// what its classes are called. Files that have no trainable form are opened too: the
// float64 evaluator runs them.
package model

import (
	"fmt"
	"os"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Model is a network with what is known of its making.
type Model struct {
	Name string // of the folder or file, as the user gave it
	// Net is the network. Of a foreign file it is nil before Prepare, which sets it to
	// what follows the part that the evaluator runs.
	Net      *nn.Network
	Settings *run.Settings        // of a run, else nil
	History  []train.EpochMetrics // of a run, epoch by epoch
	File     *onnxio.Imported     // of a file with a trainable form, else nil
	Foreign  *Foreign             // of a file without one, else nil
	Metadata map[string]string
	// Evaluator runs a foreign file. It is the one with default limits, and may be replaced.
	Evaluator engine.Reference
	file      *graph.Model // of a file, until Release
	open      bool         // the file leaves the size of its input open: Fix
	fixed     nn.Shape     // what Fix has last read it for
	// Normalize says how pixels are read, as data.ParseNorm spells it; "" for 0…255 as
	// 0…1. It is what the model tells of its training, and may be replaced.
	Normalize string
}

// Open opens a run folder or an ONNX file.
func Open(path string) (*Model, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return OpenRun(path)
	}
	return OpenFile(path)
}

// OpenFile opens an ONNX file, also one that has no trainable form.
func OpenFile(path string) (*Model, error) {
	g, err := graph.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m := &Model{Name: path, Metadata: map[string]string{}, file: g}
	for _, entry := range g.Metadata {
		m.Metadata[entry.Key] = entry.Value
	}
	m.read(nil)
	return m, nil
}

// read makes a network of the file, for samples of a shape where it leaves the size of its
// input open.
func (m *Model) read(shape nn.Shape) {
	im, err := onnxio.ImportOptions{InputShape: shape}.Import(m.file)
	if err != nil {
		m.Net, m.File, m.Foreign = nil, nil, &Foreign{Model: m.file, Why: err}
		m.open = m.open || isOpenSize(err)
		return
	}
	m.Net, m.File, m.Foreign = im.Network, im, nil
	if m.Normalize = m.Meta("normalize"); m.checkMetaNormalize() != nil {
		m.Normalize = ""
	}
}

// checkMetaNormalize is an error if what the metadata says of pixels does not go with the network.
func (m *Model) checkMetaNormalize() error {
	told := m.Meta("normalize")
	if told == "" {
		return nil
	}
	n, err := data.ParseNorm(told)
	if err != nil {
		return err
	}
	return n.Check(m.Net.InputShape())
}

// OpenRun opens a run folder.
func OpenRun(dir string) (*Model, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is a file, not a run folder", dir)
	}
	r, err := run.Open(dir)
	if err != nil {
		return nil, err
	}
	return OfRun(r), nil
}

// OfRun is the model of a run that is open.
func OfRun(r *run.Run) *Model {
	m := &Model{Name: r.Dir, Net: r.Network, Settings: &r.Settings, History: r.Metrics, Metadata: r.Metadata}
	m.Normalize = m.Meta("normalize")
	return m
}

// OfGonn reports whether gonn made the model, also if a tool has rewritten its file since:
// then the metadata still says what only a run knows. What a file of others says may stand
// for something else.
func (m *Model) OfGonn() bool {
	if m.Settings != nil || m.File != nil && m.File.Producer == onnxio.Producer {
		return true
	}
	has := func(key string) bool { return m.Metadata[key] != "" }
	return has("net_sha256") || has("data_sha256") && has("semantics")
}

// Meta is what a run or a file of gonn's tells of its making under a name, "" if it does
// not.
func (m *Model) Meta(name string) string {
	if !m.OfGonn() {
		return ""
	}
	return m.Metadata[name]
}

// Data is the set that the network was trained on, "" if it is not known. Of a file it is
// only a name, which the caller has to know.
func (m *Model) Data() string {
	if m.Settings != nil {
		return m.Settings.Data + m.Settings.DataPath
	}
	return m.Meta("data")
}

// ClassNames are the names of the network's classes, nil if they are not known. One output
// tells two classes apart. Names that do not go with the outputs are not used; Notes say so.
func (m *Model) ClassNames() data.ClassNames {
	names, err := m.metaClassNames()
	if err != nil {
		return nil
	}
	return names
}

func (m *Model) metaClassNames() (data.ClassNames, error) {
	return data.ParseClassNames(m.Meta("class_names"), Classes(m.Net))
}

// Classes is the number of classes that a network tells apart. One output tells two.
func Classes(net *nn.Network) int { return max(2, net.OutputShape().Size()) }

// MatchClasses is a set with the labels that the network has for the names of its classes.
func (m *Model) MatchClasses(set *data.Set) (*data.Set, error) {
	matched, err := set.MatchClasses(m.ClassNames(), Classes(m.Net))
	if err != nil {
		return nil, fmt.Errorf("%s: %w; rename the classes of the data, or pair them by number with --by-number", m.Name, err)
	}
	return matched, nil
}
