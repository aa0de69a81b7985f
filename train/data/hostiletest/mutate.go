// Package hostiletest makes damaged files for the tests of readers, and measures in processes of
// their own what reading them takes.
//
// A test package has one function that reads a file, which Serve calls in a child, and tests
// that make files and give them to Read:
//
//	func TestHostileChild(t *testing.T) { hostiletest.Serve(t, read) }
//	func TestHostileFiles(t *testing.T) { hostiletest.Report(t, "IDX", hostiletest.Read(t, files)) }
package hostiletest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Mutations gives n damaged forms of a file, the same for the same seed, each with what was
// done to it. wrap puts the damaged content into what is around it, such as a compressed
// stream with the right checksum; nil is nothing.
func Mutations(seed uint64, n int, whole []byte, wrap func([]byte) []byte) map[string][]byte {
	files := make(map[string][]byte, n)
	rng := rand.New(rand.NewPCG(seed, uint64(len(whole))))
	for i := range n {
		name, b := "", slices.Clone(whole)
		for range 1 + rng.IntN(2) {
			m := mutations[rng.IntN(len(mutations))]
			if len(b) > 0 {
				b = m.do(rng, b)
				name += "-" + m.name
			}
		}
		if wrap != nil {
			b = wrap(b)
		}
		files[fmt.Sprintf("%d-%04d%s", seed, i, name)] = b
	}
	return files
}

// mutations are the ways in which a file that is not empty is damaged.
var mutations = []struct {
	name string
	do   func(rng *rand.Rand, b []byte) []byte
}{
	{"cut", func(rng *rand.Rand, b []byte) []byte { return b[:rng.IntN(len(b))] }},
	{"flip", func(rng *rand.Rand, b []byte) []byte { b[rng.IntN(len(b))] ^= 1 << rng.IntN(8); return b }},
	{"invert", func(rng *rand.Rand, b []byte) []byte { b[rng.IntN(len(b))] ^= 0xff; return b }},
	{"number", func(rng *rand.Rand, b []byte) []byte { return overwrite(rng, b, pick(rng, integers)) }},
	{"nan", func(rng *rand.Rand, b []byte) []byte { return overwrite(rng, b, pick(rng, floats)) }},
	{"delete", func(rng *rand.Rand, b []byte) []byte { from, to := span(rng, b); return slices.Delete(b, from, to) }},
	{"repeat", func(rng *rand.Rand, b []byte) []byte {
		from, to := span(rng, b)
		return slices.Insert(b, to, bytes.Repeat(b[from:to], 1+rng.IntN(3))...)
	}},
	{"splice", func(rng *rand.Rand, b []byte) []byte {
		from, to := span(rng, b)
		return overwrite(rng, b, slices.Clone(b[from:to]))
	}},
	{"zeros", func(rng *rand.Rand, b []byte) []byte { from, to := span(rng, b); clear(b[from:to]); return b }},
	{"append", func(rng *rand.Rand, b []byte) []byte { return append(b, b[rng.IntN(len(b)):]...) }},
	{"text", func(rng *rand.Rand, b []byte) []byte { return retell(rng, b) }},
	{"digits", func(rng *rand.Rand, b []byte) []byte { return recount(rng, b) }},
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// span is a part of b, mostly a short one.
func span(rng *rand.Rand, b []byte) (from, to int) {
	from = rng.IntN(len(b))
	most := len(b) - from
	if rng.IntN(4) > 0 {
		most = min(most, 16)
	}
	return from, from + 1 + rng.IntN(most)
}

// overwrite puts text over a part of b.
func overwrite(rng *rand.Rand, b, text []byte) []byte {
	copy(b[rng.IntN(len(b)):], text)
	return b
}

// integers are counts and lengths that readers may believe.
var integers = func() (list [][]byte) {
	for _, v := range []uint64{0, 1, 1<<7 - 1, 1<<15 - 1, 1 << 16, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 40, 1<<63 - 1, 1 << 63, 1<<64 - 1} {
		little, big := binary.LittleEndian.AppendUint64(nil, v), binary.BigEndian.AppendUint64(nil, v)
		for _, width := range []int{1, 2, 4, 8} {
			list = append(list, little[:width], big[8-width:])
		}
		list = append(list, binary.AppendUvarint(nil, v))
	}
	return list
}()

// floats are a quiet and a signalling NaN and infinity, little-endian.
var floats = [][]byte{{0, 0, 0xc0, 0x7f}, {1, 0, 0x80, 0x7f}, {0, 0, 0x80, 0x7f}, {0, 0, 0, 0, 0, 0, 0xf8, 0x7f}}

// texts take the place of text.
var texts = []string{"\x00", "\xff\xfe", "\u202egnp.", "é", "𝄞", `\ud800`, "../../x", `"`, "'", "[[[[[[[[[[[[[[[[[[[[", "{", "null", "true", "[]", "{}", ",,", "\n"}

// retell puts one of texts into b.
func retell(rng *rand.Rand, b []byte) []byte {
	at := rng.IntN(len(b))
	return slices.Insert(b, at, []byte(pick(rng, texts))...)
}

// counts take the place of numbers in text.
var counts = []string{"0", "-1", "9999999999", "18446744073709551616", "1e999", "0.5", "NaN", "", "00", "2147483648"}

// recount replaces a number in text.
func recount(rng *rand.Rand, b []byte) []byte {
	isDigit := func(c byte) bool { return '0' <= c && c <= '9' }
	at := rng.IntN(len(b))
	for i := range b {
		from := (at + i) % len(b)
		if !isDigit(b[from]) {
			continue
		}
		to := from
		for to < len(b) && isDigit(b[to]) {
			to++
		}
		return slices.Replace(b, from, to, []byte(pick(rng, counts))...)
	}
	return retell(rng, b)
}
