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
	"strings"

	"github.com/gonn-toolkit/gonn/train"
)

// table is what metrics.csv holds.
type table struct {
	metrics []train.EpochMetrics
	noRate  map[int]bool // epochs whose row has no learning rate
}

// readMetrics reads the rows of the first epochs, of a run from before run.json had them. A
// table that is not there has none: it is for people, who may delete it.
func readMetrics(dir string, epochs int) (table, error) {
	path := filepath.Join(dir, metricsFile)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return table{}, nil
	}
	b, err := readFile(path, "it has just been deleted", maxMetrics)
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
	if err := checkLines(b); err != nil {
		return table{}, err
	}
	// The first time nothing is kept, so that only a sound table takes memory.
	n, last := 0, 0
	err := eachRow(b, epochs, func(m train.EpochMetrics, _ bool) { n, last = n+1, m.Epoch })
	if err != nil {
		return table{}, err
	}
	if n > 0 && last != epochs {
		return table{}, fmt.Errorf("the last row is of epoch %d, the run has trained %d", last, epochs)
	}
	t := table{metrics: make([]train.EpochMetrics, 0, n), noRate: map[int]bool{}}
	err = eachRow(b, epochs, func(m train.EpochMetrics, rated bool) {
		t.metrics = append(t.metrics, m)
		if !rated {
			t.noRate[m.Epoch] = true
		}
	})
	return t, err
}

// eachRow calls f with the rows of the first epochs, one after the other, and whether they
// have a learning rate.
func eachRow(b []byte, epochs int, f func(m train.EpochMetrics, rated bool)) error {
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
		c := at[rateColumn]
		f(m, c >= 0 && r[c] != "")
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
