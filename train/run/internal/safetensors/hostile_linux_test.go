package safetensors

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
)

func TestHostileChild(t *testing.T) {
	hostiletest.Serve(t, func(path string) (accepted bool, wrong error) {
		b, err := os.ReadFile(path)
		if err != nil {
			return false, err
		}
		f, err := Decode(b)
		if err != nil {
			return false, nil
		}
		// Accepted is only what is written for the same content.
		if again, err := Encode(f); err != nil || !bytes.Equal(again, b) {
			return true, errors.New("it is not what Encode gives")
		}
		return true, nil
	})
}

// summed gives a file the right checksum, if it has the place for one.
func summed(b []byte) []byte {
	if at := sumPlace(b); at >= 0 {
		copy(b[at:], blankSum)
		sum := sha256.Sum256(b)
		hex.Encode(b[at:], sum[:])
	}
	return b
}

func TestHostileFiles(t *testing.T) {
	files := map[string][]byte{}
	n := hostiletest.Number(40, 150)
	long := small()
	for i := range 20 {
		long.Tensors = append(long.Tensors, Tensor{strings.Repeat("t", i+1), []int{i + 1}, make([]float32, i+1)})
	}
	for i, whole := range []*File{small(), long} {
		for name, b := range hostiletest.Mutations(uint64(i), n, encode(t, whole), nil) {
			files[name] = b
		}
		for name, b := range hostiletest.Mutations(uint64(10+i), n, encode(t, whole), summed) {
			files[name] = b
		}
	}
	hostiletest.Report(t, "safetensors", hostiletest.Read(t, files))
}
