package data

import (
	"archive/zip"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ReadNPZ reads the arrays of a .npz file, as numpy.savez and
// numpy.savez_compressed write it, by their names without ".npy". The arrays
// together may hold at most MaxBytes.
func ReadNPZ(path string) (map[string]*Array, error) {
	arrays, others, err := readEntries(path, nil)
	if err == nil && len(others) > 0 {
		return nil, fmt.Errorf("%s: entry %q is not a .npy array; need an archive that numpy.savez wrote", path, others[0])
	}
	return arrays, err
}

// readEntries reads the arrays of an archive that are wanted by their names, nil for all, and
// gives the names of its other entries.
func readEntries(path string, want []string) (arrays map[string]*Array, others []string, err error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	z, err := zip.NewReader(f, size)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: not a readable .npz archive: %w", path, err)
	}
	if err := checkEntries(z.File); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	arrays = map[string]*Array{}
	for _, e := range z.File {
		name := arrayName(e)
		if want != nil && !slices.Contains(want, name) || want == nil && name == e.Name {
			others = append(others, name)
			continue
		}
		a, err := decodeEntry(e)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: array %q: %w", path, name, err)
		}
		arrays[name] = a
	}
	return arrays, others, nil
}

func arrayName(e *zip.File) string { return strings.TrimSuffix(e.Name, ".npy") }

// checkEntries holds the archive's directory against the limits and then walks
// every entry once, keeping nothing: only an archive that really holds what it
// declares, with the right checksums, is given memory.
func checkEntries(entries []*zip.File) error {
	if len(entries) > MaxArrays {
		return fmt.Errorf("%d arrays; the most that is read is %d", len(entries), MaxArrays)
	}
	var total uint64
	seen := map[string]bool{}
	for _, e := range entries {
		switch {
		case len(e.Name) > MaxName:
			return fmt.Errorf("an array's name of %d bytes; the longest that is read is %d", len(e.Name), MaxName)
		case seen[arrayName(e)]:
			return fmt.Errorf("two arrays are named %q; need one", arrayName(e))
		case e.UncompressedSize64 > MaxBytes-total:
			return fmt.Errorf("the arrays up to %q hold more than the %d bytes that are read", arrayName(e), MaxBytes)
		}
		seen[arrayName(e)] = true
		total += e.UncompressedSize64
	}
	for _, e := range entries {
		if err := walk(e); err != nil {
			return fmt.Errorf("array %q: damaged or truncated: %w", arrayName(e), err)
		}
	}
	return nil
}

// walk inflates an entry to its declared size and no further.
func walk(e *zip.File) error {
	r, err := e.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(r, int64(e.UncompressedSize64)+1))
	if err == nil && uint64(n) != e.UncompressedSize64 {
		err = fmt.Errorf("holds more than the %d bytes it declares", e.UncompressedSize64)
	}
	return err
}

func decodeEntry(e *zip.File) (*Array, error) {
	r, err := e.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return decodeNPY(r, int64(e.UncompressedSize64))
}
