package onnxio

import (
	"fmt"
	"slices"
)

// WriteOpset is the operator set in which gonn writes unless it is told otherwise: ONNX
// Runtime from 1.11 on and every other tool reads it.
const WriteOpset = 16

// WriteOpsets are the operator sets in which gonn can write, in order. Mish is one node
// from 18 on, GELU from 20, Swish with a fixed β from 24.
var WriteOpsets = []int64{16, 18, 20, 24}

// irOf is the version of the file format that came with the first release of ONNX that
// has the opset. What reads the opset reads this too.
var irOf = map[int64]int64{16: 8, 18: 8, 20: 9, 24: 12}

// CheckWriteOpset is an error if v is none of WriteOpsets.
func CheckWriteOpset(v int64) error {
	if slices.Contains(WriteOpsets, v) {
		return nil
	}
	return fmt.Errorf("opset %d is not written; 16, 18, 20 and 24 are", v)
}
