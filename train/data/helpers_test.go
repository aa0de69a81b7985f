package data

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// must gives the value of a call that has to succeed.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// wantError holds an error to one line that contains each part.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one with %q", parts)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error %q is more than one line", err)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q does not contain %q", err, p)
		}
	}
}

// testImages is n pictures of the shape, with pixels that all differ in place
// and picture, and labels 0, 1, 2, 0, …
func testImages(t *testing.T, n int, shape nn.Shape) *Images {
	t.Helper()
	pixels := make([]byte, n*shape.Size())
	for i := range pixels {
		pixels[i] = byte(i*37 + i/256)
	}
	labels := make([]int, n)
	for i := range labels {
		labels[i] = i % 3
	}
	return must(NewImages(shape, pixels, labels, 3))(t)
}

// read is sample i of a set, in C, H, W order.
func read(s nn.Samples, i int) []float32 {
	b, v := nn.NewBlock(s.Shape()), make([]float32, s.Shape().Size())
	s.Fill(b, []int{i})
	b.Sample(0, v)
	return v
}
