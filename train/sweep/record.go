package sweep

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/internal/regular"
	"github.com/gonn-toolkit/gonn/train/internal/strictjson"
)

// The files of a sweep, beside the folders of its cells.
const (
	recordFile = "sweep.json"
	lockFile   = "lock" // only while it is at work
)

const (
	// schema is the version of sweep.json's form.
	schema = 1
	// maxRecord is the largest sweep.json that is read, in bytes.
	maxRecord = 16 << 20
)

// record is the content of sweep.json.
type record struct {
	Schema int `json:"schema"`
	Grid
	Failed []failure `json:"failed"` // in the order in which they are trained
	SHA256 string    `json:"sha256"` // of all that stands before it
}

// failure is a cell whose training cannot come to an end.
type failure struct {
	Cell  string `json:"cell"`
	Error string `json:"error"`
}

// ending is what follows the digits of the checksum.
const ending = "\"\n}\n"

func sumOf(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// encode is the text of sweep.json.
func (r record) encode() ([]byte, error) {
	r.Schema, r.SHA256 = schema, ""
	if r.Failed == nil {
		r.Failed = []failure{}
	}
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, err
	}
	b = bytes.TrimSuffix(b, []byte("\"\n}"))
	return append(append(b, sumOf(b)...), ending...), nil
}

func (r record) write(dir string) error {
	path := filepath.Join(dir, recordFile)
	b, err := r.encode()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return atomicfile.Write(path, b)
}

// readRecord reads sweep.json. The error if it is not there is an fs.ErrNotExist.
func readRecord(dir string) (record, error) {
	path := filepath.Join(dir, recordFile)
	b, err := regular.Read(path, maxRecord)
	if errors.Is(err, fs.ErrNotExist) {
		return record{}, fmt.Errorf("%s is not the folder of a sweep: %w", dir, err)
	}
	if err != nil {
		return record{}, err
	}
	r, err := decodeRecord(b)
	if err != nil {
		return record{}, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// Failures are the cells of a sweep whose trainings cannot come to an end, by the names of their
// folders, with the reasons. Of the sweep it reads sweep.json alone.
func Failures(dir string) (map[string]string, error) {
	r, err := readRecord(dir)
	if err != nil {
		return nil, err
	}
	return r.failures(), nil
}

func (r record) failures() map[string]string {
	reasons := map[string]string{}
	for _, f := range r.Failed {
		reasons[f.Cell] = f.Error
	}
	return reasons
}

var errChanged = errors.New("the file is damaged or was changed by hand: its checksum is another; restore it from a copy, or begin a new sweep")

func decodeRecord(b []byte) (record, error) {
	var head struct {
		Schema int `json:"schema"`
	}
	switch err := json.Unmarshal(b, &head); {
	case err == nil && head.Schema > schema:
		return record{}, fmt.Errorf("the file has schema %d, this gonn reads up to %d; use the gonn that wrote it or a newer one", head.Schema, schema)
	case err == nil && head.Schema < 1:
		return record{}, fmt.Errorf("schema is %d, need a number from 1; restore it from a copy, or begin a new sweep", head.Schema)
	}
	var r record
	if err := strictjson.Decode(b, &r); err != nil {
		return record{}, fmt.Errorf("%w; restore it from a copy, or begin a new sweep", err)
	}
	if at := len(b) - len(ending) - hex.EncodedLen(sha256.Size); at < 0 || string(b[at:]) != sumOf(b[:at])+ending {
		return record{}, errChanged
	}
	if err := r.check(); err != nil {
		return record{}, fmt.Errorf("%w; restore it from a copy, or begin a new sweep", err)
	}
	return r, nil
}

// check finds what no sweep writes, though the checksum is right.
func (r record) check() error {
	if err := r.Grid.Check(); err != nil {
		return err
	}
	if s, clean := r.Grid.Settings, r.Grid.clean().Settings; s != clean {
		return fmt.Errorf("settings: gonn is %q, workers is %d, seed is %d, which are no part of a grid", s.Gonn, s.Workers, s.Seed)
	}
	cells := map[string]bool{} // whether they have failed
	for _, values := range r.Grid.combinations() {
		for _, seed := range r.Grid.Seeds {
			cells[r.Grid.cellName(values, seed)] = false
		}
	}
	for _, f := range r.Failed {
		failed, there := cells[f.Cell]
		switch {
		case !there:
			return fmt.Errorf("failed: %q is no cell of the grid", f.Cell)
		case failed:
			return fmt.Errorf("failed: %q is there twice", f.Cell)
		case f.Error == "":
			return fmt.Errorf("failed: %q has no error", f.Cell)
		}
		cells[f.Cell] = true
	}
	return nil
}
