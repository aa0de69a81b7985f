package jpeg

import "fmt"

// huffman is a table of codes, T.81 F.2.2.3: the codes of a length are consecutive.
type huffman struct {
	largest [17]int32 // code of each length; -1 if there is none
	offset  [17]int32 // of a code's value, to be added to the code
	values  []byte
}

// huffmanTables reads Huffman tables, T.81 B.2.4.2.
func (d *decoder) huffmanTables(b []byte) error {
	for len(b) > 0 {
		if len(b) < 17 || b[0]>>4 > 1 || b[0]&15 > 3 {
			return fmt.Errorf("jpeg: a damaged Huffman table")
		}
		h, n, code := &huffman{}, 0, int32(0)
		for length := 1; length <= 16; length++ {
			count := int(b[length])
			h.largest[length] = -1
			h.offset[length] = int32(n) - code
			if count > 0 {
				h.largest[length] = code + int32(count) - 1
			}
			n += count
			if code += int32(count); code > 1<<length {
				return fmt.Errorf("jpeg: a Huffman table of too many codes")
			}
			code <<= 1
		}
		if n == 0 || n > 256 || len(b) < 17+n {
			return fmt.Errorf("jpeg: a damaged Huffman table")
		}
		h.values = b[17 : 17+n]
		d.huffman[b[0]>>4][b[0]&15] = h
		b = b[17+n:]
	}
	return nil
}

// bits reads the entropy-coded bits of a scan, T.81 F.2.2.5.
type bits struct {
	data []byte
	at   int
	hold byte // the bits that are left of a byte, from above
	left int
	err  error // once it is set, all bits are 0
}

// bit is the next bit. A marker ends the bits.
func (r *bits) bit() int32 {
	if r.left == 0 {
		if r.err != nil || !r.next() {
			return 0
		}
	}
	b := int32(r.hold >> 7)
	r.hold <<= 1
	r.left--
	return b
}

func (r *bits) next() bool {
	if r.at >= len(r.data) {
		r.err = errTruncated
		return false
	}
	b := r.data[r.at]
	r.at++
	if b == 0xff {
		if r.at >= len(r.data) || r.data[r.at] != 0 {
			r.at--
			r.err = errTruncated
			return false
		}
		r.at++
	}
	r.hold, r.left = b, 8
	return true
}

// receive is a number of n bits.
func (r *bits) receive(n int) (v int32) {
	for range n {
		v = v<<1 | r.bit()
	}
	return v
}

// extend is a signed number of n bits, T.81 F.2.2.1.
func (r *bits) extend(n int) int32 {
	v := r.receive(n)
	if n > 0 && v < 1<<(n-1) {
		v += -1<<n + 1
	}
	return v
}

// decode is the value of the next code.
func (r *bits) decode(h *huffman) int {
	code := int32(0)
	for length := 1; length <= 16; length++ {
		code = code<<1 | r.bit()
		if code <= h.largest[length] {
			return int(h.values[code+h.offset[length]])
		}
	}
	if r.err == nil {
		r.err = fmt.Errorf("jpeg: a bad Huffman code")
	}
	return 0
}

// restart skips the rest of a byte and a restart marker, T.81 F.2.2.5.
func (r *bits) restart() {
	r.left = 0
	for r.at+1 < len(r.data) && r.data[r.at] == 0xff && r.data[r.at+1] == 0xff {
		r.at++
	}
	if r.at+1 >= len(r.data) || r.data[r.at] != 0xff || r.data[r.at+1]&0xf8 != 0xd0 {
		if r.err == nil {
			r.err = fmt.Errorf("jpeg: no restart marker where one is due")
		}
		return
	}
	r.at += 2
}
