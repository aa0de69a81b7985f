package jpeg

import "fmt"

// frame reads a frame header, T.81 B.2.2.
func (d *decoder) frame(b []byte) error {
	if d.components != nil {
		return fmt.Errorf("jpeg: two frame headers")
	}
	if len(b) < 6 {
		return fmt.Errorf("jpeg: a frame header of %d bytes", len(b))
	}
	if b[0] != 8 {
		return fmt.Errorf("jpeg: samples of %d bits; need 8", b[0])
	}
	d.height, d.width = int(b[1])<<8|int(b[2]), int(b[3])<<8|int(b[4])
	if d.height == 0 || d.width == 0 {
		return fmt.Errorf("jpeg: a picture of %d × %d pixels", d.width, d.height)
	}
	n := int(b[5])
	if n != 1 && n != 3 && n != 4 || len(b) != 6+3*n {
		return fmt.Errorf("jpeg: %d components in a frame header of %d bytes; need 1, 3 or 4", n, len(b))
	}
	var all []*component
	for i := range n {
		p := b[6+3*i:]
		c := &component{id: p[0], h: int(p[1] >> 4), v: int(p[1] & 15), quant: p[2]}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.quant > 3 {
			return fmt.Errorf("jpeg: component %d is sampled %d × %d with quantization table %d", c.id, c.h, c.v, c.quant)
		}
		for _, other := range all {
			if other.id == c.id {
				return fmt.Errorf("jpeg: two components are %d", c.id)
			}
		}
		d.hMax, d.vMax = max(d.hMax, c.h), max(d.vMax, c.v)
		all = append(all, c)
	}
	for _, c := range all {
		c.cols = ceil(ceil(d.width*c.h, d.hMax), 8)
		c.rows = ceil(ceil(d.height*c.v, d.vMax), 8)
		c.stride = c.h * ceil(d.width, 8*d.hMax)
	}
	d.components = all
	return nil
}

func ceil(a, b int) int { return (a + b - 1) / b }

// allocate takes memory for the coefficients. A block costs at least a bit of the file,
// so that a small file cannot ask for much.
func (d *decoder) allocate() error {
	blocks := 0
	for _, c := range d.components {
		blocks += c.stride * c.v * ceil(d.height, 8*d.vMax)
	}
	if blocks/8 > len(d.data) {
		return errTruncated
	}
	for _, c := range d.components {
		c.coefficients = make([][64]int16, c.stride*c.v*ceil(d.height, 8*d.vMax))
	}
	return nil
}

// quantTables reads quantization tables, T.81 B.2.4.1.
func (d *decoder) quantTables(b []byte) error {
	for len(b) > 0 {
		wide, id := int(b[0]>>4), b[0]&15
		size := 64 * (1 + wide)
		if wide > 1 || id > 3 || len(b) < 1+size {
			return fmt.Errorf("jpeg: a damaged quantization table")
		}
		var t [64]int32
		for i := range 64 {
			if wide == 1 {
				t[natural[i]] = int32(b[1+2*i])<<8 | int32(b[2+2*i])
			} else {
				t[natural[i]] = int32(b[1+i])
			}
		}
		d.quant[id] = &t
		b = b[1+size:]
	}
	return nil
}

// natural is the place in a block, row by row, of each coefficient of the zigzag order.
var natural = func() (order [64]byte) {
	x, y := 0, 0
	for i := range order {
		order[i] = byte(8*y + x)
		switch up := (x+y)%2 == 0; {
		case up && x == 7, !up && y < 7 && x == 0:
			y++
		case up && y == 0, !up && y == 7:
			x++
		case up:
			x, y = x+1, y-1
		default:
			x, y = x-1, y+1
		}
	}
	return order
}()
