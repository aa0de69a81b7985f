package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/internal/regular"
)

// keptSchema changes when numbers of an older gonn are no longer those of this one.
const keptSchema = 1

// kept is a file of numbers.
type kept struct {
	Schema int `json:"schema"`
	Made
	Of      json.RawMessage `json:"of"` // what the numbers depend on
	Numbers json.RawMessage `json:"numbers"`
}

// keep reads the numbers of a name that depend on of, or measures them and writes them down.
func keep[T any](l *Lab, name string, of any, decode func([]byte) (T, error), measure func() (T, error)) (n T, m Made, err error) {
	path := l.keptPath(name)
	depends, err := json.Marshal(of)
	if err != nil {
		return n, m, err
	}
	if !l.Again {
		k, err := readKept(path)
		if err != nil {
			return n, m, err
		}
		if k.Schema > keptSchema {
			return n, m, fmt.Errorf("%s was written by a newer gonn: use that one, or another --dir", path)
		}
		if k.Schema == keptSchema && bytes.Equal(compact(k.Of), depends) {
			if n, err = decode(k.Numbers); err != nil {
				return n, m, damaged(path, err)
			}
			return n, k.Made, nil
		}
	}
	began := time.Now()
	if n, err = measure(); err != nil {
		return n, m, err
	}
	if m, err = l.made(began); err != nil {
		return n, m, err
	}
	return n, m, writeKept(path, m, depends, n)
}

func (l *Lab) keptPath(name string) string { return filepath.Join(l.Dir, "findings", name+".json") }

// maxKept is the largest file of numbers that is read, in bytes: those of a claim have some thousand.
const maxKept = 2 << 20

// readKept reads a file of numbers. One that is not there gives the zero value.
func readKept(path string) (k kept, err error) {
	b, err := regular.Read(path, maxKept)
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return k, err
	}
	if err := json.Unmarshal(b, &k); err != nil {
		return k, damaged(path, err)
	}
	return k, nil
}

func damaged(path string, err error) error {
	return fmt.Errorf("%s is damaged: %w; remove it, then it is measured again", path, err)
}

func writeKept(path string, m Made, of []byte, n any) error {
	numbers, err := json.Marshal(n)
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(kept{keptSchema, m, of, numbers}, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return atomicfile.Save(true, atomicfile.File{Path: path, Data: append(b, '\n')})
}

// compact is JSON without white space; nil if it is none.
func compact(b []byte) []byte {
	var c bytes.Buffer
	if json.Compact(&c, b) != nil {
		return nil
	}
	return c.Bytes()
}
