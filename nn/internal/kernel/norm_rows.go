package kernel

// rows is how pixels lie in memory: in rows of width floats that start pitch floats apart. The
// zero value means one after the other.
type rows struct{ width, pitch int }

// each calls f for each row of n floats: the one from v[at] on holds number i and so on.
func (r rows) each(n int, f func(i, at, count int)) {
	if r.width == 0 {
		f(0, 0, n)
		return
	}
	for i := 0; i < n; i += r.width {
		f(i, i/r.width*r.pitch, r.width)
	}
}
