package run

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
)

// writeMetrics writes the epochs of run.json as a table, for people and spreadsheets: a row
// an epoch, a column a series, empty where an epoch has no value of it.
func (s *Session) writeMetrics() error {
	return atomicfile.WriteLike(filepath.Join(s.Dir, metricsFile), encodeTable(s.history), filepath.Join(s.Dir, recordFile))
}

func encodeTable(metrics []train.EpochMetrics) []byte {
	names, at := seriesOf(metrics)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(append([]string{"epoch"}, names...))
	for _, m := range metrics {
		cells := make([]string, 1+len(names))
		cells[0] = strconv.Itoa(m.Epoch)
		for _, v := range m.Values {
			cells[1+at[v.Name]] = strconv.FormatFloat(v.Value, 'g', -1, 64)
		}
		w.Write(cells)
	}
	w.Flush() // a bytes.Buffer takes everything
	return b.Bytes()
}

// seriesOf lists the names of all values of a history, in the order in which they first come,
// and where each is in the list.
func seriesOf(metrics []train.EpochMetrics) (names []string, at map[string]int) {
	at = map[string]int{}
	for _, m := range metrics {
		for _, v := range m.Values {
			if _, ok := at[v.Name]; !ok {
				at[v.Name] = len(names)
				names = append(names, v.Name)
			}
		}
	}
	return names, at
}

// checkTable is an error if something is in the place of metrics.csv that is not replaced.
func checkTable(dir string) error {
	path := filepath.Join(dir, metricsFile)
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file: move it away", path)
	}
	return nil
}
