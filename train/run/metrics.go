package run

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

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

// writeMetrics writes the whole table, for people and spreadsheets: run.json has the same.
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

// checkTable is an error if something is in the place of metrics.csv that is not replaced.
func checkTable(dir string) error {
	path := filepath.Join(dir, metricsFile)
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file: move it away", path)
	}
	return nil
}

var rateColumn = slices.IndexFunc(columns, func(c column) bool { return c.name == "lr" })
