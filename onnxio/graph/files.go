package graph

import (
	"crypto/sha1" // ONNX's checksum is a SHA-1
	"encoding/hex"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Files is a model as it lies in a folder: the model file, and the file beside it
// that holds the data of large initializers, if there is one.
type Files struct {
	Name  string // of the model file, such as net.onnx
	Model []byte // its content

	DataName string // of the data file, such as net.onnx.data; empty if there is none
	Data     []byte // its content
}

// Files gives the model as the content of files in one folder, of which the model
// file is called name. Initializers of ExternalFrom bytes or more go to a second
// file, name.data, if external is set, and also if the model would be larger than
// MaxFileSize otherwise. The model names the data file by its bare name and by its
// SHA-1, so that the two can be moved together but not mixed with others. The same
// model gives the same bytes.
func (m *Model) Files(name string, external bool) (*Files, error) {
	if !filepath.IsLocal(name) || strings.ContainsAny(name, "/\\\x00") || name == "." || !utf8.ValidString(name) {
		return nil, fmt.Errorf("%q cannot be the name of a model file", name)
	}
	f := &Files{Name: name}
	var l *layout
	if external || m.size(nil) > MaxFileSize {
		l = m.layout(name + ".data")
		if l.size > MaxExternalSize {
			return nil, fmt.Errorf("the model has %d bytes of data, at most %d are allowed", l.size, MaxExternalSize)
		}
		if l.size > 0 {
			f.DataName, f.Data = l.location, l.data()
		}
	}
	var err error
	if f.Model, err = m.file(l); err != nil {
		return nil, err
	}
	return f, nil
}

// file is the content of the model file.
func (m *Model) file(l *layout) ([]byte, error) {
	if size := m.size(l); size > MaxFileSize {
		return nil, fmt.Errorf("the model file would be %d bytes long, at most %d are allowed", size, MaxFileSize)
	}
	return m.bytes(l), nil
}

// ModelNaming is the content of the model file if the data file is called otherwise than
// DataName, as it is for a moment while files of these names are replaced.
func (f *Files) ModelNaming(data string) ([]byte, error) {
	m, err := f.Read()
	if err != nil {
		return nil, err
	}
	l := m.layout(data)
	l.sum = checksum(f.Data)
	return m.file(l)
}

// Read reads the model back, as ReadFile would from the folder.
func (f *Files) Read() (*Model, error) {
	sum := ""
	return read(f.Model, func(ref externalRef, size int64) ([]byte, error) {
		if ref.location != f.DataName {
			return nil, fmt.Errorf("the only data file is %q", f.DataName)
		}
		if err := ref.check(size, int64(len(f.Data))); err != nil {
			return nil, err
		}
		if sum == "" && ref.checksum != "" {
			sum = checksum(f.Data)
		}
		if err := ref.checkSum(sum); err != nil {
			return nil, err
		}
		return f.Data[ref.offset : ref.offset+size : ref.offset+size], nil
	})
}

// All gives the files by name, the model last: whoever finds it finds its data. Where there
// are some already, atomicfile.SaveLinked keeps that so. A model refuses other data than its
// own by their checksum.
func (f *Files) All() iter.Seq2[string, []byte] {
	return func(yield func(name string, content []byte) bool) {
		if f.DataName == "" || yield(f.DataName, f.Data) {
			yield(f.Name, f.Model)
		}
	}
}

// layout says where the data of initializers lies in a data file.
type layout struct {
	location string
	sum      string // SHA-1 of the file in hex
	size     int64
	at       map[*Tensor]int64 // offsets
	parts    []part
}

// part is data at an offset of the file.
type part struct {
	offset int64
	raw    []byte
}

// layout gives every large initializer a place, in the order in which they stand in
// the graph and in those inside it. Each begins at a page, so that the file can be
// mapped into memory. Tensors that share their data share the place.
func (m *Model) layout(location string) *layout {
	l := &layout{location: location, at: map[*Tensor]int64{}}
	type extent struct {
		first *byte
		size  int
	}
	known := map[extent]int64{}
	var place func(g *Graph)
	place = func(g *Graph) {
		for _, t := range g.Initializers {
			if len(t.Raw) < ExternalFrom {
				continue
			}
			e := extent{&t.Raw[0], len(t.Raw)}
			offset, shared := known[e]
			if !shared {
				offset = (l.size + page - 1) / page * page
				known[e] = offset
				l.parts = append(l.parts, part{offset, t.Raw})
				l.size = offset + int64(len(t.Raw))
			}
			l.at[t] = offset
		}
		for _, n := range g.Nodes {
			for _, a := range n.Attrs {
				if inner, ok := a.Value.(*Graph); ok {
					place(inner)
				}
			}
		}
	}
	if m.Graph != nil {
		place(m.Graph)
	}
	return l
}

// page is what ONNX recommends offsets to be multiples of.
const page = 4096

// data gives the content of the data file.
func (l *layout) data() []byte {
	b := make([]byte, l.size)
	for _, p := range l.parts {
		copy(b[p.offset:], p.raw)
	}
	l.sum = checksum(b)
	return b
}

func checksum(b []byte) string {
	h := sha1.Sum(b)
	return hex.EncodeToString(h[:])
}
