package jpeg

import (
	"fmt"
	"slices"
)

// scan is a pass over the blocks of some components, T.81 B.2.3.
type scan struct {
	bits
	components  []*component
	progressive bool
	first, last int  // coefficients, in zigzag order
	refine      bool // a bit more of what an earlier scan gave
	shift       int  // the bits that later scans give
	skip        int  // blocks that have no more coefficients in this scan
}

func (d *decoder) scan(b []byte) error {
	s, err := d.scanHeader(b)
	if err != nil {
		return err
	}
	if d.scans++; d.scans > MaxScans {
		return fmt.Errorf("jpeg: more than %d scans", MaxScans)
	}
	if d.scans == 1 {
		if err := d.allocate(); err != nil {
			return err
		}
	}
	for _, c := range s.components {
		if c.table == nil {
			if c.table = d.quant[c.quant]; c.table == nil {
				return fmt.Errorf("jpeg: no quantization table %d", c.quant)
			}
		}
	}
	s.data, s.at = d.data, d.at
	d.blocks(s)
	d.at = s.at
	return s.err
}

func (d *decoder) scanHeader(b []byte) (*scan, error) {
	if d.components == nil {
		return nil, fmt.Errorf("jpeg: a scan before the frame header")
	}
	if len(b) < 1 || b[0] < 1 || b[0] > 4 || len(b) != 4+2*int(b[0]) {
		return nil, fmt.Errorf("jpeg: a damaged scan header")
	}
	n := int(b[0])
	p := b[1+2*n:]
	s := &scan{progressive: d.progressive, first: int(p[0]), last: int(p[1]), refine: p[2]>>4 != 0, shift: int(p[2] & 15)}
	switch {
	case !d.progressive:
		s.first, s.last, s.refine, s.shift = 0, 63, false, 0
	case s.first > s.last || s.last > 63 || s.shift > 13 || s.first == 0 && s.last != 0 || s.first > 0 && n > 1:
		return nil, fmt.Errorf("jpeg: a scan of coefficients %d to %d of %d components, shifted by %d", s.first, s.last, n, s.shift)
	}
	for i := range n {
		c := d.component(b[1+2*i])
		if c == nil || slices.Contains(s.components, c) {
			return nil, fmt.Errorf("jpeg: a scan of component %d, which is not there or there twice", b[1+2*i])
		}
		dc, ac := b[2+2*i]>>4, b[2+2*i]&15
		if dc > 3 || ac > 3 {
			return nil, fmt.Errorf("jpeg: a scan with Huffman tables %d and %d", dc, ac)
		}
		c.tables, c.dc = [2]*huffman{d.huffman[0][dc], d.huffman[1][ac]}, 0
		if c.tables[0] == nil && s.first == 0 && !s.refine || c.tables[1] == nil && s.last > 0 {
			return nil, fmt.Errorf("jpeg: a scan without its Huffman table")
		}
		s.components = append(s.components, c)
	}
	return s, nil
}

func (d *decoder) component(id byte) *component {
	for _, c := range d.components {
		if c.id == id {
			return c
		}
	}
	return nil
}

// blocks reads all blocks of a scan, T.81 A.2: those of one component row by row, those
// of several in units (MCUs) that hold h × v blocks of each.
func (d *decoder) blocks(s *scan) {
	if len(s.components) == 1 {
		c := s.components[0]
		for i := range c.cols * c.rows {
			d.restartAt(s, i)
			s.block(c, &c.coefficients[i/c.cols*c.stride+i%c.cols])
			if s.err != nil {
				return
			}
		}
		return
	}
	across, down := ceil(d.width, 8*d.hMax), ceil(d.height, 8*d.vMax)
	for i := range across * down {
		d.restartAt(s, i)
		for _, c := range s.components {
			for k := range c.h * c.v {
				x, y := i%across*c.h+k%c.h, i/across*c.v+k/c.h
				s.block(c, &c.coefficients[y*c.stride+x])
			}
		}
		if s.err != nil {
			return
		}
	}
}

func (d *decoder) restartAt(s *scan, i int) {
	if d.restart == 0 || i == 0 || i%d.restart != 0 {
		return
	}
	s.restart()
	s.skip = 0
	for _, c := range s.components {
		c.dc = 0
	}
}
