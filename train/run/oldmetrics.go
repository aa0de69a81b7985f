package run

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/gonn-toolkit/gonn/train"
)

// oldColumns are those that metrics.csv has in a run of schema 1, epoch first, then the series
// in the order of their recording. The first are in every table, the others may be missing, in
// the first line or in a row.
var oldColumns = []string{"epoch", "loss", "accuracy", "val_loss", "val_accuracy", "lr", "seconds", "samples_per_s"}

const neededColumns = 3

// readMetrics reads the rows of the first epochs, of a run from before run.json had them. A
// table that is not there has none: it is for people, who may delete it.
func readMetrics(dir string, epochs int) ([]train.EpochMetrics, error) {
	path := filepath.Join(dir, metricsFile)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	b, err := readFile(path, "it has just been deleted", maxMetrics)
	if err != nil {
		return nil, err
	}
	metrics, err := parseMetrics(b, epochs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; repair the table or delete it", path, err)
	}
	return metrics, nil
}

func parseMetrics(b []byte, epochs int) ([]train.EpochMetrics, error) {
	b = bytes.TrimPrefix(b, []byte("\ufeff")) // spreadsheets put it in front
	if err := checkLines(b); err != nil {
		return nil, err
	}
	// The first time nothing is kept, so that only a sound table takes memory.
	n, last := 0, 0
	err := eachRow(b, epochs, func(m train.EpochMetrics) { n, last = n+1, m.Epoch })
	if err != nil {
		return nil, err
	}
	if n > 0 && last != epochs {
		return nil, fmt.Errorf("the last row is of epoch %d, the run has trained %d", last, epochs)
	}
	metrics := make([]train.EpochMetrics, 0, n)
	err = eachRow(b, epochs, func(m train.EpochMetrics) { metrics = append(metrics, m) })
	return metrics, err
}

// eachRow calls f with the rows of the first epochs, one after the other.
func eachRow(b []byte, epochs int, f func(m train.EpochMetrics)) error {
	rows := csv.NewReader(bytes.NewReader(b))
	rows.ReuseRecord = true
	first, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty")
	}
	if err != nil {
		return err
	}
	at, err := findColumns(first)
	if err != nil {
		return err
	}
	for line, before := 2, 0; ; line++ {
		r, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		m, err := parseRow(r, at)
		if err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if m.Epoch > epochs {
			return nil
		}
		if line > 2 && m.Epoch != before+1 {
			return fmt.Errorf("line %d: epoch %d after epoch %d", line, m.Epoch, before)
		}
		before = m.Epoch
		f(m)
	}
}

// checkLines is an error if a row is longer than maxRow or goes on in the next line, which
// the reader would put together in memory.
func checkLines(b []byte) error {
	n := 0
	for line := range bytes.Lines(b) {
		if n++; len(line) > maxRow {
			return fmt.Errorf("line %d has %d bytes, the longest that is read has %d", n, len(line), maxRow)
		}
		if bytes.Count(line, []byte(`"`))%2 != 0 {
			return fmt.Errorf("line %d has a quotation mark without its counterpart", n)
		}
	}
	return nil
}

// findColumns is where each of oldColumns is in a table with such a first line, -1 where it
// is not. The table may have them in any order; others are passed over.
func findColumns(first []string) ([]int, error) {
	at := make([]int, len(oldColumns))
	for i, name := range oldColumns {
		at[i] = slices.Index(first, name)
		if at[i] < 0 && i < neededColumns {
			return nil, fmt.Errorf("the first line has no column %q", name)
		}
		if at[i] >= 0 && slices.Contains(first[at[i]+1:], name) {
			return nil, fmt.Errorf("the first line has two columns %q", name)
		}
	}
	return at, nil
}

func parseRow(r []string, at []int) (m train.EpochMetrics, err error) {
	for i, name := range oldColumns {
		cell := ""
		if at[i] >= 0 {
			cell = r[at[i]]
		}
		if cell == "" && i >= neededColumns {
			continue
		}
		var v float64
		if name == "epoch" {
			m.Epoch, err = strconv.Atoi(cell)
		} else if v, err = strconv.ParseFloat(cell, 64); err == nil {
			m.Values = append(m.Values, train.Value{Name: name, Value: v})
		}
		if err != nil {
			return train.EpochMetrics{}, fmt.Errorf("%s is %q, need a number", name, cell)
		}
	}
	return m, m.Check()
}
