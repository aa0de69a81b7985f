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

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
)

// columns are those of metrics.csv. Those of validation are empty without it.
var columns = []string{"epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds", "samples_per_s"}

// writeMetrics writes the whole table. It goes before the state: if the program dies
// between the two, the table has a row too many, which a resume drops.
func (s *Session) writeMetrics() error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(columns)
	for _, m := range s.metrics {
		w.Write(row(m))
	}
	w.Flush() // a bytes.Buffer takes everything
	return atomicfile.Write(filepath.Join(s.Dir, metricsFile), b.Bytes())
}

func row(m train.EpochMetrics) []string {
	exact := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	r := []string{
		strconv.Itoa(m.Epoch), exact(m.Loss), exact(m.Accuracy), "", "",
		strconv.FormatFloat(m.Seconds, 'f', 3, 64), strconv.FormatFloat(m.SamplesPerSecond, 'f', 1, 64),
	}
	if m.Validated {
		r[3], r[4] = exact(m.ValLoss), exact(m.ValAccuracy)
	}
	return r
}

// readMetrics reads the rows of the first epochs. A table that is not there has none: it
// is for people, who may delete it.
func readMetrics(dir string, epochs int) ([]train.EpochMetrics, error) {
	path := filepath.Join(dir, metricsFile)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	b, err := readFile(path, "it has just been deleted")
	if err != nil {
		return nil, err
	}
	ms, err := parseMetrics(b, epochs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; repair the table or delete it", path, err)
	}
	return ms, nil
}

func parseMetrics(b []byte, epochs int) ([]train.EpochMetrics, error) {
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || !slices.Equal(rows[0], columns) {
		return nil, fmt.Errorf("the first line is not %q", columns)
	}
	var ms []train.EpochMetrics
	for i, r := range rows[1:] {
		m, err := parseRow(r)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		if m.Epoch > epochs {
			break
		}
		if i > 0 && m.Epoch != ms[i-1].Epoch+1 {
			return nil, fmt.Errorf("line %d: epoch %d after epoch %d", i+2, m.Epoch, ms[i-1].Epoch)
		}
		ms = append(ms, m)
	}
	if n := len(ms); n > 0 && ms[n-1].Epoch != epochs {
		return nil, fmt.Errorf("the last row is of epoch %d, the run has trained %d", ms[n-1].Epoch, epochs)
	}
	return ms, nil
}

func parseRow(r []string) (m train.EpochMetrics, err error) {
	if m.Epoch, err = strconv.Atoi(r[0]); err != nil {
		return train.EpochMetrics{}, err
	}
	m.Validated = r[3] != ""
	into := []*float64{&m.Loss, &m.Accuracy, &m.ValLoss, &m.ValAccuracy, &m.Seconds, &m.SamplesPerSecond}
	for i, v := range into {
		if optional := v == &m.ValLoss || v == &m.ValAccuracy; optional && !m.Validated {
			continue
		}
		if *v, err = strconv.ParseFloat(r[1+i], 64); err != nil {
			return train.EpochMetrics{}, err
		}
	}
	return m, nil
}
