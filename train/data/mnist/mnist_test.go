package mnist

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
)

//go:embed SHA256SUMS
var sums []byte

func TestFilesHaveTheRecordedChecksums(t *testing.T) {
	want := map[string]string{}
	for lines := bufio.NewScanner(bytes.NewReader(sums)); lines.Scan(); {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok {
			t.Fatalf("SHA256SUMS: line %q; need a checksum, two spaces and a name", lines.Text())
		}
		want[name] = sum
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 4 || len(want) != 4 {
		t.Fatalf("%d embedded files and %d checksums; need 4 of each", len(entries), len(want))
	}
	for _, e := range entries {
		b, err := files.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != want[e.Name()] {
			t.Errorf("%s: SHA-256 %x; SHA256SUMS has %q", e.Name(), sum, want[e.Name()])
		}
	}
}

// The counts, the first labels and the mean and deviation of the pixels
// (0.1307, 0.3081, as torchvision's examples normalise) are widely published.
func TestSetsAreTheKnownDigits(t *testing.T) {
	for _, tt := range []struct {
		name      string
		open      func() (*data.Images, error)
		counts    []int
		labels    []int
		mean, std float64
	}{
		{"train", Train, []int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949},
			[]int{5, 0, 4, 1, 9, 2, 1, 3, 1, 4}, 0.1307, 0.3081},
		{"test", Test, []int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009},
			[]int{7, 2, 1, 0, 4, 1, 4, 9, 5, 9}, 0.1325, 0.3105},
	} {
		t.Run(tt.name, func(t *testing.T) {
			img, err := tt.open()
			if err != nil {
				t.Fatal(err)
			}
			if !img.Shape().Equal(nn.Shape{1, 28, 28}) || img.Classes() != 10 {
				t.Errorf("shape %v, %d classes; want (1, 28, 28) and 10", img.Shape(), img.Classes())
			}
			if got := data.Counts(img); !slices.Equal(got, tt.counts) {
				t.Errorf("class counts %v, want %v", got, tt.counts)
			}
			for i, want := range tt.labels {
				if got := img.Label(i); got != want {
					t.Errorf("label %d is %d, want %d", i, got, want)
				}
			}
			mean, std := moments(img)
			if math.Abs(mean-tt.mean) > 5e-5 || math.Abs(std-tt.std) > 5e-5 {
				t.Errorf("pixels have mean %.5f and deviation %.5f, want %.4f and %.4f", mean, std, tt.mean, tt.std)
			}
		})
	}
}

func moments(img *data.Images) (mean, std float64) {
	var histogram [256]int
	for i := range img.Len() {
		for _, p := range img.Pixels(i) {
			histogram[p]++
		}
	}
	n := float64(img.Len() * img.Shape().Size())
	var squares float64
	for p, count := range histogram {
		x := float64(p) / 255
		mean += x * float64(count) / n
		squares += x * x * float64(count) / n
	}
	return mean, math.Sqrt(squares - mean*mean)
}

func TestInvertedSetIsTheStudys(t *testing.T) {
	train, err := Train()
	if err != nil {
		t.Fatal(err)
	}
	test, err := Test()
	if err != nil {
		t.Fatal(err)
	}
	set, err := data.NewInvertedSet("mnist-inverted", train, test)
	if err != nil {
		t.Fatal(err)
	}
	if set.Train.Len() != 120_000 || set.Test.Len() != 20_000 {
		t.Errorf("%d and %d samples; want 120,000 and 20,000", set.Train.Len(), set.Test.Len())
	}
	if again, _ := Train(); again != train {
		t.Error("a second Train unpacks the digits again")
	}
}
