package data

import (
	"bytes"
	"slices"
	"testing"
)

// gzip files may be several in one, as cat makes them; empty ones too.
func TestGzipMembersFollowEachOther(t *testing.T) {
	want := []byte{1, 2, 3, 4, 5, 6}
	whole := idxFileOf(want, 1, 2, 3)
	var b []byte
	for _, part := range [][]byte{whole[:7], nil, whole[7:18], whole[18:], nil} {
		b = append(b, zipped(part)...)
	}
	dims, got, err := readBytes(b, 3)
	if err != nil || !slices.Equal(dims, []int{1, 2, 3}) || !bytes.Equal(got, want) {
		t.Errorf("%v, %v, error %v", dims, got, err)
	}
}
