package graph

// Size is the number of bytes that the elements take in raw_data, of a STRING tensor that
// of its strings. Dims that mean no number of elements give 0.
func (t *Tensor) Size() int64 {
	n, err := t.elements()
	if err != nil || !t.Type.known() {
		return 0
	}
	if t.Type != String {
		return t.Type.rawSize(n)
	}
	var size int64
	for _, s := range t.Strings {
		size += int64(len(s))
	}
	return size
}
