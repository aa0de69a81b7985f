//go:build unix

package graph

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// FuzzExternalData gives any external_data to a model in a folder with a data file and with a
// link to a file outside. What is read is from the data file.
func FuzzExternalData(f *testing.F) {
	base := f.TempDir()
	dir := filepath.Join(base, "models")
	inside := Float32Tensor("", nil, []float32{1, 2, 3, 4}).Raw
	for _, err := range []error{
		os.MkdirAll(filepath.Join(dir, "sub"), 0o700),
		os.WriteFile(filepath.Join(dir, "w.bin"), inside, 0o600),
		os.WriteFile(filepath.Join(dir, "sub", "w.bin"), inside, 0o600),
		os.WriteFile(filepath.Join(base, "secret.bin"), bytes.Repeat([]byte{0xaa}, 16), 0o600),
		os.Symlink("../secret.bin", filepath.Join(dir, "link.bin")),
		os.Symlink("..", filepath.Join(dir, "up")),
		os.Link(filepath.Join(base, "secret.bin"), filepath.Join(dir, "hard.bin")),
	} {
		if err != nil {
			f.Fatal(err)
		}
	}
	for _, location := range []string{"w.bin", "sub/w.bin", "../secret.bin", "link.bin", "up/secret.bin", "hard.bin", base + "/secret.bin", "sub/../w.bin", "./w.bin", "sub//w.bin", "w.bin/"} {
		f.Add(location, "8", "8", "")
	}
	f.Add("w.bin", "", "", sha1Of(1, 2, 3, 4))
	f.Fuzz(func(t *testing.T, location, offset, length, checksum string) {
		entries := []string{"location", location}
		for key, value := range map[string]string{"offset": offset, "length": length, "checksum": checksum} {
			if value != "" {
				entries = append(entries, key, value)
			}
		}
		models, err := openFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer models.root.Close()
		m, err := read(body(externalTensor("w", entries...)), models.load)
		if (m == nil) == (err == nil) {
			t.Fatalf("model %v and error %v, want one of them", m, err)
		}
		if m != nil && !bytes.Contains(inside, m.Graph.Initializers[0].Raw) {
			t.Errorf("read % x, which the data file does not have", m.Graph.Initializers[0].Raw)
		}
	})
}
