package jpeg

import "fmt"

// block reads one block's part of a scan, T.81 F.2.2 and G.1.2.
func (s *scan) block(c *component, b *[64]int16) {
	first := s.first
	if first == 0 {
		switch {
		case s.refine:
			b[0] |= int16(s.bit() << s.shift)
		default:
			n := s.decode(c.tables[0])
			if n > 16 {
				s.fail()
				return
			}
			c.dc += s.extend(n)
			b[0] = int16(c.dc << s.shift)
		}
		first = 1
	}
	switch {
	case s.last == 0:
	case s.refine:
		s.refineAC(c.tables[1], b)
	default:
		s.newAC(c.tables[1], b, first)
	}
}

func (s *scan) fail() {
	if s.err == nil {
		s.err = fmt.Errorf("jpeg: damaged coefficients")
	}
}

// newAC reads the coefficients of a block for the first time.
func (s *scan) newAC(h *huffman, b *[64]int16, first int) {
	if s.skip > 0 {
		s.skip--
		return
	}
	for k := first; k <= s.last; k++ {
		v := s.decode(h)
		run, n := v>>4, v&15
		switch {
		case n == 0 && run == 15:
			k += 15
		case n == 0:
			if run > 0 && !s.progressive {
				s.fail()
			}
			s.skip = int(1<<run + s.receive(run) - 1)
			return
		case k+run > s.last:
			s.fail()
			return
		default:
			k += run
			b[natural[k]] = int16(s.extend(n) << s.shift)
		}
		if s.err != nil {
			return
		}
	}
}

// refineAC reads a bit more of the coefficients that are not zero, and which ones are
// no longer zero, T.81 G.1.2.3.
func (s *scan) refineAC(h *huffman, b *[64]int16) {
	k := s.first
	for s.skip == 0 && k <= s.last && s.err == nil {
		v := s.decode(h)
		run, n := v>>4, v&15
		if n == 0 && run < 15 {
			s.skip = int(1<<run + s.receive(run))
			break
		}
		fresh := int16(0)
		if n > 0 {
			fresh = int16(2*s.bit()-1) << s.shift
		}
		k = s.refineRun(b, k, run)
		if n > 1 || n > 0 && k > s.last {
			s.fail()
			return
		}
		if n > 0 {
			b[natural[k]] = fresh
		}
		k++
	}
	if s.skip > 0 {
		s.skip--
		s.refineRun(b, k, 64)
	}
}

// refineRun refines what is not zero from k on, up to the zero that follows run zeros;
// it gives that zero's place.
func (s *scan) refineRun(b *[64]int16, k, run int) int {
	for ; k <= s.last; k++ {
		switch v := &b[natural[k]]; {
		case *v == 0 && run == 0:
			return k
		case *v == 0:
			run--
		case s.bit() == 0:
		case *v > 0:
			*v += 1 << s.shift
		default:
			*v -= 1 << s.shift
		}
	}
	return k
}
