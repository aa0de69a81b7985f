package graph

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// externalTensor is an initializer of two floats whose data is elsewhere; entries
// are keys and values in turn.
func externalTensor(name string, entries ...string) []byte {
	t := msg(num(1, 2), num(2, 1), str(8, name), num(14, 1))
	for i := 0; i < len(entries); i += 2 {
		t = append(t, sub(13, str(1, entries[i]), str(2, entries[i+1]))...)
	}
	return sub(5, t)
}

// folderWith makes a folder with model.onnx and a file w.bin of 16 bytes: the
// floats 1, 2, 3, 4. It returns the model's path.
func folderWith(t *testing.T, model []byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "models")
	write(t, filepath.Join(dir, "model.onnx"), model)
	write(t, filepath.Join(dir, "w.bin"), Float32Tensor("", nil, []float32{1, 2, 3, 4}).Raw)
	return filepath.Join(dir, "model.onnx")
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func sha1Of(values ...float32) string {
	sum := sha1.Sum(Float32Tensor("", nil, values).Raw)
	return hex.EncodeToString(sum[:])
}

func TestExternalDataIsReadFromTheModelsFolder(t *testing.T) {
	sum := sha1Of(1, 2, 3, 4)
	tests := []struct {
		name    string
		entries []string
		want    []float32
	}{
		{"location alone", []string{"location", "w.bin"}, []float32{1, 2}},
		{"offset and length", []string{"location", "w.bin", "offset", "8", "length", "8"}, []float32{3, 4}},
		{"offset up to the end", []string{"offset", "8", "location", "w.bin"}, []float32{3, 4}},
		{"checksum", []string{"location", "w.bin", "checksum", sum}, []float32{1, 2}},
		{"checksum in capitals", []string{"location", "w.bin", "checksum", string(bytes.ToUpper([]byte(sum)))}, []float32{1, 2}},
		{"in a folder inside", []string{"location", "sub/deep/v.bin"}, []float32{5, 6}},
		{"with ./", []string{"location", "./sub/deep/v.bin"}, []float32{5, 6}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := folderWith(t, body(externalTensor("w", test.entries...)))
			write(t, filepath.Join(filepath.Dir(path), "sub", "deep", "v.bin"), Float32Tensor("", nil, []float32{5, 6}).Raw)
			m, err := ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Graph.Initializers[0].Float32s()
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
			if again, err := Read(m.Bytes()); err != nil || !bytes.Equal(again.Graph.Initializers[0].Raw, m.Graph.Initializers[0].Raw) {
				t.Errorf("the model read with its data does not survive writing: %v", err)
			}
		})
	}
}

func TestTensorsMayShareARangeButNotOverlap(t *testing.T) {
	at := func(name, offset string) []byte { return externalTensor(name, "location", "w.bin", "offset", offset) }
	m, err := ReadFile(folderWith(t, body(at("a", "0"), at("b", "0"), at("c", "8"), at("d", "8"))))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := m.Graph.Initializers[0].Raw, m.Graph.Initializers[1].Raw; &a[0] != &b[0] {
		t.Error("tensors with the same range have two copies of it")
	}
	m, err = ReadFile(folderWith(t, body(at("a", "0"), at("b", "4"), at("c", "8"))))
	mustFail(t, m, err, `initializer 2 "c": external data "w.bin": the tensors' ranges in this file overlap`)
}

func TestExternalDataIsRefusedByNameAndPlace(t *testing.T) {
	const outside = "the location must be a path inside the model's folder"
	at := func(location string) []string { return []string{"location", location} }
	tests := []struct {
		name    string
		entries []string
		want    string
	}{
		{"parent", at("../secret.bin"), outside},
		{"absolute", at("/etc/hostname"), outside},
		{"up and down", at("a/../../secret.bin"), outside},
		{"up inside", at("sub/../w.bin"), outside},
		{"only ..", at(".."), outside},
		{"backslash", at(`..\secret.bin`), outside},
		{"zero byte", at("w.bin\x00"), outside},
		{"missing file", at("none.bin"), "no such file"},
		{"missing folder", at("none/w.bin"), "no such file"},
		{"folder", at("sub"), "it is not a regular file"},
		{"the folder itself", at("."), "it is not a regular file"},
		{"file as a folder", at("w.bin/x"), `"w.bin" is not a folder`},
		{"no location", []string{"offset", "0"}, "external_data: the location is missing"},
		{"unknown key", []string{"location", "w.bin", "compression", "zip"}, `external_data "compression": the key is not known`},
		{"key twice", []string{"location", "w.bin", "location", "w.bin"}, `external_data "location": the key is there twice`},
		{"offset not a number", []string{"location", "w.bin", "offset", "0x8"}, `external_data "offset": "0x8" is not a number of bytes`},
		{"negative offset", []string{"location", "w.bin", "offset", "-8"}, `external_data "offset": "-8" is not a number of bytes`},
		{"offset beyond int64", []string{"location", "w.bin", "offset", "9223372036854775808"}, "is not a number of bytes"},
		{"offset beyond the end", []string{"location", "w.bin", "offset", "17"}, "8 bytes at offset 17 are beyond the end of the file, which has 16"},
		{"range beyond the end", []string{"location", "w.bin", "offset", "12"}, "8 bytes at offset 12 are beyond the end of the file, which has 16"},
		{"largest offset", []string{"location", "w.bin", "offset", "9223372036854775807"}, "are beyond the end of the file"},
		{"length too short", []string{"location", "w.bin", "length", "4"}, "length is 4, but the tensor's dims need 8 bytes"},
		{"length too long", []string{"location", "w.bin", "length", "16"}, "length is 16, but the tensor's dims need 8 bytes"},
		{"wrong checksum", []string{"location", "w.bin", "checksum", sha1Of(1, 2, 3)}, "the file's SHA-1 is " + sha1Of(1, 2, 3, 4)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := folderWith(t, body(externalTensor("w", test.entries...)))
			write(t, filepath.Join(filepath.Dir(path), "..", "secret.bin"), make([]byte, 8))
			write(t, filepath.Join(filepath.Dir(path), "sub", "v.bin"), make([]byte, 8))
			m, err := ReadFile(path)
			mustFail(t, m, err, test.want)
			mustFail(t, m, err, path+`: graph "g": initializer 0 "w": external`)
		})
	}
	t.Logf("promise S5: %d locations and ranges of external data refused, each by name and place", len(tests))
}

func TestExternalDataBeyondTheLimitIsRefusedBeforeItIsRead(t *testing.T) {
	const size = MaxExternalSize + 4
	t0 := sub(5, num(1, size/4), num(2, 1), str(8, "w"), num(14, 1), sub(13, str(1, "location"), str(2, "hole.bin")))
	path := folderWith(t, body(t0))
	write(t, filepath.Join(filepath.Dir(path), "hole.bin"), nil)
	if err := os.Truncate(filepath.Join(filepath.Dir(path), "hole.bin"), size); err != nil { // no blocks on the disk
		t.Fatal(err)
	}
	var m *Model
	var err error
	took := allocated(func() { m, err = ReadFile(path) })
	mustFail(t, m, err, "the model has more than "+strconv.FormatInt(MaxExternalSize, 10)+" bytes of external data")
	if took > 1<<20 {
		t.Errorf("refusing took %d bytes of memory", took)
	}
}

// Part of a file of more than 2 GiB is read on 32-bit processors too.
func TestExternalDataInALargeFile(t *testing.T) {
	t0 := sub(5, num(1, 2), num(2, 1), str(8, "w"), num(14, 1), sub(13, str(1, "location"), str(2, "hole.bin")))
	path := folderWith(t, body(t0))
	hole := filepath.Join(filepath.Dir(path), "hole.bin")
	write(t, hole, nil)
	if err := os.Truncate(hole, 3<<30); err != nil { // no blocks on the disk
		t.Fatal(err)
	}
	if _, err := ReadFile(path); err != nil {
		t.Error(err)
	}
}

func TestReadFileNamesThePathOfAFileThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	m, err := ReadFile(filepath.Join(dir, "none.onnx"))
	mustFail(t, m, err, filepath.Join(dir, "none.onnx")+": no such file")
	m, err = ReadFile(dir)
	mustFail(t, m, err, dir+": it is not a regular file")
}
