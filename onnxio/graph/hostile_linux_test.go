package graph

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
)

func TestHostileChild(t *testing.T) { hostiletest.Serve(t, readHostile) }

// readHostile reads a model, in a folder if it has external data, and holds what is accepted
// to the bytes of the file, which are read a second time without this package's decoder.
func readHostile(path string) (accepted bool, wrong error) {
	if filepath.Ext(path) == ".folder" {
		path = filepath.Join(path, "model.onnx")
	}
	m, err := ReadFile(path)
	if err != nil {
		return false, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return true, err
	}
	if err := tryRead(b); err != nil && !strings.HasSuffix(filepath.Dir(path), ".folder") {
		return true, err
	}
	return true, checkModel(m, b, filepath.Dir(path))
}

// plainFields gives the fields of a protobuf message with their content.
func plainFields(b []byte, f func(num protowire.Number, content []byte, v uint64)) {
	for len(b) > 0 {
		num, wire, n := protowire.ConsumeTag(b)
		b = b[n:]
		size := protowire.ConsumeFieldValue(num, wire, b)
		content, v := b[:size], uint64(0)
		switch wire {
		case protowire.BytesType:
			content, _ = protowire.ConsumeBytes(b)
		case protowire.VarintType:
			v, _ = protowire.ConsumeVarint(b)
		}
		f(num, content, v)
		b = b[size:]
	}
}

// checkModel holds the nodes and the initializers of a model's own graph to the bytes of its
// file, if it has no functions.
func checkModel(m *Model, b []byte, dir string) error {
	var nodes []string
	var err error
	initializers, functions := 0, false
	plainFields(b, func(num protowire.Number, model []byte, _ uint64) {
		functions = functions || num == 25
		if num != 7 {
			return
		}
		plainFields(model, func(num protowire.Number, part []byte, _ uint64) {
			switch num {
			case 1:
				text := ""
				plainFields(part, func(num protowire.Number, content []byte, _ uint64) {
					if num <= 4 { // inputs, outputs, name, operator
						text += fmt.Sprintf("%d %q ", num, content)
					}
				})
				nodes = append(nodes, text)
			case 5:
				if e := checkTensor(m.Graph.Initializers[initializers], part, dir); e != nil {
					err = e
				}
				initializers++
			}
		})
	})
	if functions || err != nil {
		return err
	}
	var got []string
	for _, n := range m.Graph.Nodes {
		got = append(got, nodeText(n))
	}
	for _, list := range [][]string{nodes, got} {
		for i, text := range list { // fields may come in any order
			words := strings.SplitAfter(text, " ")
			slices.Sort(words)
			list[i] = strings.Join(words, "")
		}
		slices.Sort(list) // and nodes are sorted
	}
	if !slices.Equal(got, nodes) || initializers != len(m.Graph.Initializers) {
		return fmt.Errorf("%d initializers and the nodes %q, the file has %d and %q", len(m.Graph.Initializers), got, initializers, nodes)
	}
	return nil
}

func nodeText(n *Node) string {
	text := ""
	for _, s := range n.Inputs {
		text += fmt.Sprintf("1 %q ", s)
	}
	for _, s := range n.Outputs {
		text += fmt.Sprintf("2 %q ", s)
	}
	for num, s := range map[int]string{3: n.Name, 4: n.OpType} {
		if s != "" {
			text += fmt.Sprintf("%d %q ", num, s)
		}
	}
	return text
}

// checkTensor holds raw and external elements to the bytes of the file.
func checkTensor(t *Tensor, b []byte, dir string) error {
	var raw, location []byte
	n := uint64(1)
	plainFields(b, func(num protowire.Number, content []byte, v uint64) {
		switch num {
		case 1:
			n *= v
		case 9:
			raw = content
		case 13:
			plainFields(content, func(num protowire.Number, text []byte, _ uint64) {
				if num == 2 && filepath.Ext(string(text)) == ".bin" {
					location = text
				}
			})
		}
	})
	if location != nil {
		data, err := os.ReadFile(filepath.Join(dir, string(location)))
		if err != nil || !bytes.Contains(data, t.Raw) {
			return fmt.Errorf("initializer %q has elements that %s has not, %w", t.Name, location, err)
		}
	}
	if raw != nil && !bytes.Equal(raw, t.Raw) {
		return fmt.Errorf("initializer %q has other elements than the file", t.Name)
	}
	if t.Type == Float && len(t.Dims) <= 1 && uint64(len(t.Raw)) != 4*n {
		return fmt.Errorf("initializer %q has %d bytes, the file says %d elements", t.Name, len(t.Raw), n)
	}
	return nil
}

func TestHostileModels(t *testing.T) {
	files := map[string][]byte{}
	n := hostiletest.Number(20, 100)
	for name, whole := range whole(t) {
		for how, b := range hostiletest.Mutations(uint64(len(name)), n, whole, nil) {
			files[name+how+".onnx"] = b
		}
	}
	hostiletest.Report(t, "ONNX", hostiletest.Read(t, files))

	good := map[string][]byte{"model.onnx": withTensor(num(1, 2), num(2, 1), num(14, 1), sub(13, str(1, "location"), str(2, "w.bin"))), "w.bin": make([]byte, 8)}
	var paths []string
	root := t.TempDir()
	damage := func(what, file string, put func(path string) error) {
		dir := filepath.Join(root, what+file+".folder")
		err := os.Mkdir(dir, 0o777)
		for name, b := range good {
			if name != file && err == nil {
				err = os.WriteFile(filepath.Join(dir, name), b, 0o666)
			}
		}
		if err == nil {
			err = put(filepath.Join(dir, file))
		}
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, dir)
	}
	for file, b := range good {
		for how, b := range hostiletest.Mutations(7, n, b, nil) {
			damage(how, file, func(path string) error { return os.WriteFile(path, b, 0o666) })
		}
		damage("pipe", file, func(path string) error { return syscall.Mkfifo(path, 0o600) })
		damage("device", file, func(path string) error { return os.Symlink("/dev/zero", path) })
		damage("folder", file, func(path string) error { return os.Mkdir(path, 0o777) })
		damage("loop", file, func(path string) error { return os.Symlink(file, path) })
	}
	slices.Sort(paths)
	hostiletest.Report(t, "ONNX with external data", hostiletest.ReadPaths(t, paths))
}

// What TestBombsStayWithinTheMemoryBudget counts inside the process, in one of its own.
func TestBombsOfModelsAreRefused(t *testing.T) {
	size := hostiletest.Number(8_000_000, 30_000_000)
	fill := func(unit []byte) []byte { return bytes.Repeat(unit, size/len(unit)) }
	node := sub(1, str(1, "x"), str(2, ""), str(4, "O"))
	root := t.TempDir()
	var results []hostiletest.Result
	for name, b := range map[string][]byte{
		"nodes": body(fill(node)), "initializers": body(fill(sub(5))), "inputs": body(fill(sub(11))), "values": body(fill(sub(13))),
		"metadata": fill(sub(14)), "outputs": withNode(fill(sub(2))), "attributes": withNode(fill(sub(5))), "packed": withAttr(num(20, 7), sub(8, make([]byte, size))),
		"strings": withAttr(num(20, 8), fill(sub(9))), "dims": withTensor(fill(num(1, 1)), num(2, 1)), "nested": nested(300).Bytes(),
		"dims 2^40": withTensor(num(1, 1<<40), num(2, 1)), "functions": fill(sub(25)), "a payload too long": withTensor(num(1, 1), num(2, 1), sub(9, make([]byte, size))),
		"a node too many": chainOf(MaxNodes + 1).Bytes(), "an end that is cut": body(fill(sub(5, num(1, 1), num(2, 1), str(8, "w"), sub(9, make([]byte, 4)))))[:size/2],
	} {
		path := filepath.Join(root, name+".onnx")
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
		r := hostiletest.ReadPaths(t, []string{path})
		if r[0].Accepted {
			t.Errorf("%s is accepted", path)
		}
		results = append(results, r...)
	}
	hostiletest.Report(t, "ONNX of small parts", results)
}
