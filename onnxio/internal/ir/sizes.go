package ir

import "math"

// MostVolume is the largest number of elements of a value whose shape is followed, far
// above what the reference computes, so that products of sizes are no concern.
const MostVolume = min(1<<50, math.MaxInt/2)

// Sane is a shape, nil if it is none that a value can have.
func Sane(shape []int) []int {
	n := 1
	for _, d := range shape {
		if d < 0 || d > MostVolume/n {
			return nil
		}
		n *= max(d, 1)
	}
	return shape
}

// Volume is the number of elements of a shape.
func Volume(s []int) int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// ToInts are numbers of a file as ints, each as ToInt has it.
func ToInts(v []int64) []int {
	out := make([]int, len(v))
	for i, x := range v {
		out[i] = ToInt(x)
	}
	return out
}

// ToInt is a number of a file, or the nearest that an int holds: nothing that large is the
// size of a value.
func ToInt(x int64) int { return int(min(max(x, math.MinInt), math.MaxInt)) }

// Size is the length of an axis or part under both sizes of the batch.
type Size [2]int

// Unit is the size of an axis of one element.
var Unit = Size{1, 1}

// ToInt64s are ints as a file has them.
func ToInt64s(v []int) []int64 {
	out := make([]int64, len(v))
	for i, x := range v {
		out[i] = int64(x)
	}
	return out
}
