package run

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/strictjson"
)

// schema is the version of run.json's form. It changes when a reader of the one before
// would misunderstand the file. Files from before there were versions are read as 1, whose
// runs have no checksums and their history in metrics.csv alone. Schema 2 has the same epochs
// as now, of fixed fields; what was not finite it left out.
const schema = 3

// record is the content of run.json.
type record struct {
	Schema   int       `json:"schema"`
	Settings Settings  `json:"settings"`
	Frozen   []string  `json:"frozen,omitempty"` // full names of the parameters that keep their values
	Sessions []Machine `json:"sessions"`
	Result   *Result   `json:"result,omitempty"`

	// What follows is there from schema 2 on.
	Files   map[string]sum       `json:"files,omitempty"`
	History []train.EpochMetrics `json:"history,omitempty"`
	SHA256  string               `json:"sha256,omitempty"` // of all that stands before it
}

// Result is how a finished run's network does on its data.
type Result struct {
	Train Score `json:"train"`
	Test  Score `json:"test"`
	// Last and Best are how it did after its last epoch, and after the one with the lowest
	// validation loss. They are nil without samples for validation, and in runs from before
	// gonn recorded them.
	Last *EpochResult `json:"last,omitempty"`
	Best *EpochResult `json:"best,omitempty"`
}

// EpochResult is how a network did after an epoch.
type EpochResult struct {
	Epoch int   `json:"epoch"` // from 1
	Train Score `json:"train"`
	Test  Score `json:"test"`
}

// Score is an evaluation on one data set.
type Score struct {
	Samples  int     `json:"samples"`
	Loss     float64 `json:"loss"`
	Accuracy float64 `json:"accuracy"`
}

// ScoreOf takes a score from the sums of an evaluation.
func ScoreOf(s nn.Stats) Score { return Score{s.Samples, s.Loss(), s.Accuracy()} }

// sum identifies the content of a file.
type sum struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func sumOf(b []byte) sum {
	s := sha256.Sum256(b)
	return sum{int64(len(b)), hex.EncodeToString(s[:])}
}

// ending is what follows the digits of run.json's checksum.
const ending = "\"\n}\n"

// encode is the text of run.json: an epoch has a line, and the checksum of all that stands
// before its digits is last.
func (r *record) encode() ([]byte, error) { return r.encodeWithin(maxRecord) }

// encodeWithin refuses a text of more bytes than most, which could not be read again.
func (r *record) encodeWithin(most int) ([]byte, error) {
	head := *r
	head.Schema, head.History, head.SHA256 = schema, nil, ""
	b, err := json.MarshalIndent(head, "", "  ")
	if err != nil {
		return nil, err
	}
	b = append(bytes.TrimSuffix(b, []byte("\n}")), ",\n  \"history\": ["...)
	for i, e := range r.History {
		line, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, "\n    "...), line...)
	}
	b = append(b, "\n  ],\n  \"sha256\": \""...)
	b = append(append(b, sumOf(b).SHA256...), ending...)
	if len(b) > most {
		names, _ := seriesOf(r.History)
		return nil, fmt.Errorf("the %d series of %d epochs take %d bytes, and the most that is read is %d: train with fewer metrics", len(names), len(r.History), len(b), most)
	}
	return b, nil
}

// errChanged says that a run.json is not as it was written.
var errChanged = errors.New("the file is damaged or was changed by hand: its checksum is another; restore it from a copy; " +
	"flags such as --epochs change a run that is resumed, and --config takes the settings of a run.json for a new one")

// checkSum is an error if the text of run.json is not as encode made it.
func checkSum(b []byte) error {
	at := len(b) - len(ending) - hex.EncodedLen(sha256.Size)
	if at < 0 || string(b[at:]) != sumOf(b[:at]).SHA256+ending {
		return errChanged
	}
	return nil
}

// readRecord reads run.json.
func readRecord(dir string) (*record, error) {
	path := filepath.Join(dir, recordFile)
	b, err := readFile(path, "this is not the folder of a run, or one that could not be created", maxRecord)
	if err != nil {
		return nil, err
	}
	r, err := decodeRecord(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// superseded reports whether run.json has another record by now. It does not decode that, which
// would take as long once more.
func (r *record) superseded(dir string) bool {
	b, err := readFile(filepath.Join(dir, recordFile), "", maxRecord)
	if err != nil || r.Schema < 2 {
		return err == nil && checkSum(b) == nil // it has become one with a checksum
	}
	return !bytes.HasSuffix(b, []byte(r.SHA256+ending))
}

// decodeRecord decodes run.json. A field that it does not know is an error, because it
// would be a setting that goes unheeded.
func decodeRecord(b []byte) (*record, error) {
	if err := checkSchema(b); err != nil {
		return nil, err
	}
	r := new(record)
	if err := strictjson.Decode(b, r); err != nil {
		return nil, fmt.Errorf("%w; restore the file or start a new run", err)
	}
	if r.Schema < 2 {
		r.Schema = 1
		if r.Files != nil || r.History != nil || r.SHA256 != "" {
			return nil, errChanged // a run of schema 1 has none of them
		}
	} else if err := checkSum(b); err != nil {
		return nil, err
	}
	for _, name := range sealed {
		if _, ok := r.Files[name]; !ok && r.Schema > 1 {
			return nil, fmt.Errorf("files does not say what %s is; restore the file or start a new run", name)
		}
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("%w; restore the file or start a new run", err)
	}
	return r, nil
}
