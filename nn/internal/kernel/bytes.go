package kernel

// FromBytes brings samples of 8-bit numbers, one in each lane, into a block:
//
//	y[i][l] = x[l][i]/255, or (255 − x[l][i])/255 where inverted[l]
//
// rounded once. All samples have len(y)/Lanes numbers; a lane whose sample is nil
// becomes zero. All backends give the same bits.
func FromBytes(y []float32, x [Lanes][]byte, inverted [Lanes]bool) {
	n := len(y) / Lanes
	for l, v := range x {
		if v != nil {
			x[l] = v[:n]
			reads(x[l])
		}
	}
	writes(y)
	active.fromBytes(y, x, inverted)
}

func fromBytesGo(y []float32, x [Lanes][]byte, inverted [Lanes]bool) {
	var tables [Lanes]*[256]float32
	for l := range tables {
		tables[l] = &unit
		if inverted[l] {
			tables[l] = &inverse
		}
	}
	for i := range len(y) / Lanes {
		pixel := y[i*Lanes:][:Lanes]
		for l := range pixel {
			pixel[l] = 0
			if i < len(x[l]) {
				pixel[l] = tables[l][x[l][i]]
			}
		}
	}
}

// unit is v/255, inverse (255−v)/255: a table is as exact as the division and faster.
var unit, inverse = func() (u, v [256]float32) {
	for p := range 256 {
		u[p] = float32(p) / 255
		v[p] = float32(255-p) / 255
	}
	return u, v
}()
