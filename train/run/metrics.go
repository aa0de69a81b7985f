package run

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
)

// column is one of metrics.csv. Tables may have them in any order; what is not needed may
// be missing, in the first line or in a row, as it is in tables of older runs, and the
// validation's without validation.
type column struct {
	name   string
	needed bool
	write  func(m *train.EpochMetrics) string
	read   func(m *train.EpochMetrics, cell string) error
}

var columns = []column{
	{"epoch", true, func(m *train.EpochMetrics) string { return strconv.Itoa(m.Epoch) },
		func(m *train.EpochMetrics, cell string) (err error) { m.Epoch, err = strconv.Atoi(cell); return err }},
	number("loss", true, func(m *train.EpochMetrics) *float64 { return &m.Loss }),
	number("accuracy", true, func(m *train.EpochMetrics) *float64 { return &m.Accuracy }),
	ofValidation("val_loss", func(m *train.EpochMetrics) *float64 { return &m.ValLoss }),
	ofValidation("val_accuracy", func(m *train.EpochMetrics) *float64 { return &m.ValAccuracy }),
	number("lr", false, func(m *train.EpochMetrics) *float64 { return &m.LR }),
	rounded("seconds", 3, func(m *train.EpochMetrics) *float64 { return &m.Seconds }),
	rounded("samples_per_s", 1, func(m *train.EpochMetrics) *float64 { return &m.SamplesPerSecond }),
}

// number is a column of a value that is written with all its digits.
func number(name string, needed bool, of func(*train.EpochMetrics) *float64) column {
	return column{name, needed,
		func(m *train.EpochMetrics) string { return strconv.FormatFloat(*of(m), 'g', -1, 64) },
		func(m *train.EpochMetrics, cell string) (err error) {
			*of(m), err = strconv.ParseFloat(cell, 64)
			return err
		}}
}

// rounded is a column with some digits after the point.
func rounded(name string, digits int, of func(*train.EpochMetrics) *float64) column {
	c := number(name, false, of)
	c.write = func(m *train.EpochMetrics) string { return strconv.FormatFloat(*of(m), 'f', digits, 64) }
	return c
}

// ofValidation is a column that is empty in epochs without validation.
func ofValidation(name string, of func(*train.EpochMetrics) *float64) column {
	c := number(name, false, of)
	write, read := c.write, c.read
	c.write = func(m *train.EpochMetrics) string {
		if !m.Validated {
			return ""
		}
		return write(m)
	}
	c.read = func(m *train.EpochMetrics, cell string) error {
		m.Validated = true
		return read(m, cell)
	}
	return c
}

// writeMetrics writes the whole table. It goes before the state: if the program dies
// between the two, the table has a row too many, which a resume drops.
func (s *Session) writeMetrics() error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.name
	}
	w.Write(cells)
	for _, m := range s.metrics {
		for i, c := range columns {
			cells[i] = c.write(&m)
		}
		if s.noRate[m.Epoch] {
			cells[rateColumn] = ""
		}
		w.Write(cells)
	}
	w.Flush() // a bytes.Buffer takes everything
	return atomicfile.Write(filepath.Join(s.Dir, metricsFile), b.Bytes())
}

var rateColumn = slices.IndexFunc(columns, func(c column) bool { return c.name == "lr" })

// table is what metrics.csv holds.
type table struct {
	metrics []train.EpochMetrics
	noRate  map[int]bool // epochs whose row has no learning rate
}

// readMetrics reads the rows of the first epochs. A table that is not there has none: it
// is for people, who may delete it.
func readMetrics(dir string, epochs int) (table, error) {
	path := filepath.Join(dir, metricsFile)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return table{}, nil
	}
	b, err := readFile(path, "it has just been deleted")
	if err != nil {
		return table{}, err
	}
	t, err := parseMetrics(b, epochs)
	if err != nil {
		return table{}, fmt.Errorf("%s: %w; repair the table or delete it", path, err)
	}
	return t, nil
}

func parseMetrics(b []byte, epochs int) (table, error) {
	b = bytes.TrimPrefix(b, []byte("\ufeff")) // spreadsheets put it in front
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		return table{}, err
	}
	if len(rows) == 0 {
		return table{}, errors.New("the file is empty")
	}
	at, err := findColumns(rows[0])
	if err != nil {
		return table{}, err
	}
	t := table{noRate: map[int]bool{}}
	for i, r := range rows[1:] {
		m, err := parseRow(r, at)
		if err != nil {
			return table{}, fmt.Errorf("line %d: %w", i+2, err)
		}
		if m.Epoch > epochs {
			break
		}
		if i > 0 && m.Epoch != t.metrics[i-1].Epoch+1 {
			return table{}, fmt.Errorf("line %d: epoch %d after epoch %d", i+2, m.Epoch, t.metrics[i-1].Epoch)
		}
		t.metrics = append(t.metrics, m)
		if c := at[rateColumn]; c < 0 || r[c] == "" {
			t.noRate[m.Epoch] = true
		}
	}
	if n := len(t.metrics); n > 0 && t.metrics[n-1].Epoch != epochs {
		return table{}, fmt.Errorf("the last row is of epoch %d, the run has trained %d", t.metrics[n-1].Epoch, epochs)
	}
	return t, nil
}

// findColumns is where each of columns is in a table with such a first line, -1 where it
// is not. Other columns are passed over.
func findColumns(first []string) ([]int, error) {
	at := make([]int, len(columns))
	for i, c := range columns {
		at[i] = slices.Index(first, c.name)
		if at[i] < 0 && c.needed {
			return nil, fmt.Errorf("the first line has no column %q", c.name)
		}
		if at[i] >= 0 && slices.Contains(first[at[i]+1:], c.name) {
			return nil, fmt.Errorf("the first line has two columns %q", c.name)
		}
	}
	return at, nil
}

func parseRow(r []string, at []int) (m train.EpochMetrics, err error) {
	validations := 0
	for i, c := range columns {
		cell := ""
		if at[i] >= 0 {
			cell = r[at[i]]
		}
		if cell == "" && !c.needed {
			continue
		}
		if err := c.read(&m, cell); err != nil {
			return train.EpochMetrics{}, fmt.Errorf("%s is %q, need a number", c.name, cell)
		}
		if strings.HasPrefix(c.name, "val_") {
			validations++
		}
	}
	if validations == 1 {
		return train.EpochMetrics{}, errors.New("it has one of val_loss and val_accuracy, need both or none")
	}
	return m, nil
}
