package run

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
)

func TestHostileChild(t *testing.T) { hostiletest.Serve(t, readHostile) }

// readHostile opens a run, beside which there is a good one of the same training, or reads
// settings or the name of the latest run.
func readHostile(path string) (accepted bool, wrong error) {
	switch filepath.Ext(path) {
	case ".json":
		_, err := ReadSettings(path, settings())
		return err == nil, nil
	case ".latest":
		_, err := Latest(path)
		return err == nil, nil
	}
	r, err := Open(path)
	if err != nil {
		return false, nil
	}
	dir := filepath.Join(filepath.Dir(path), "good")
	good, err := Open(dir)
	if err != nil {
		return true, err
	}
	for i, p := range r.Network.Params() {
		if !slices.Equal(p.Data, good.Network.Params()[i].Data) {
			return true, fmt.Errorf("parameter %s has other values", p.FullName())
		}
	}
	record, err := readRecord(dir)
	if err != nil {
		return true, err
	}
	if record.Schema < 2 {
		return true, checkOld(path, r)
	}
	return true, checkSealed(path, dir, *r, *good)
}

// checkSealed holds a run to the good one in the folder dir: it is accepted only if nothing
// is damaged but the table, and that changes nothing of what is read, nor what is trained
// after a resume.
func checkSealed(path, dir string, r, good Run) error {
	for _, name := range []string{recordFile, stateFile, modelFile} {
		if err := sameFile(path, dir, name); err != nil {
			return err
		}
	}
	r.Dir, r.Network, good.Dir, good.Network = "", nil, "", nil
	if !reflect.DeepEqual(r, good) {
		return fmt.Errorf("the run is %+v, the good one %+v", r, good)
	}
	s, err := Resume(path, nil)
	if err != nil {
		if !strings.Contains(err.Error(), filepath.Join(path, metricsFile)+" is not a regular file") {
			return err
		}
		return sameFile(path, dir, recordFile) // nothing is written
	}
	defer s.Close()
	for name, encode := range map[string]func() ([]byte, error){stateFile: s.encodeState, modelFile: s.encodeModel} {
		b, err := encode()
		if err == nil {
			err = os.WriteFile(filepath.Join(path, name), b, 0o666)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range []string{stateFile, modelFile, metricsFile} {
		if err := sameFile(path, dir, name); err != nil {
			return fmt.Errorf("after a resume: %w", err)
		}
	}
	return nil
}

// sameFile is an error unless two folders have the same file.
func sameFile(path, dir, name string) error {
	got, err := os.ReadFile(filepath.Join(path, name))
	if err != nil {
		return err
	}
	want, err := os.ReadFile(filepath.Join(dir, name))
	if err == nil && !bytes.Equal(got, want) {
		err = fmt.Errorf("%s is another", name)
	}
	return err
}

// checkOld holds a run without checksums to its files, read in another way.
func checkOld(dir string, r *Run) error {
	text, err := os.ReadFile(filepath.Join(dir, recordFile))
	if err != nil {
		return err
	}
	var file struct{ Settings, other map[string]any }
	got := map[string]any{}
	told, err := json.Marshal(r.Settings)
	if err == nil {
		err = json.Unmarshal(told, &got)
	}
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	for name, v := range file.Settings {
		if zero := v == "" || v == false || v == 0.0; !reflect.DeepEqual(v, got[name]) && !(zero && got[name] == nil) {
			return fmt.Errorf("setting %s is %v, %s has %v", name, got[name], recordFile, v)
		}
	}
	table, errTable := os.ReadFile(filepath.Join(dir, metricsFile))
	if err != nil || errTable != nil {
		return err // without a table there is nothing to compare
	}
	rows := strings.Split(string(table), "\n")[1:]
	for i, m := range r.Metrics {
		cells := strings.Split(strings.TrimSpace(rows[i]), ",")
		if loss, err := strconv.ParseFloat(strings.Trim(cells[1], `"`), 64); err != nil || loss != m.Loss() && loss == loss || cells[0] != strconv.Itoa(m.Epoch) {
			return fmt.Errorf("epoch %d has loss %v, the table has %q", m.Epoch, m.Loss(), rows[i])
		}
	}
	return nil
}
