package data

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func floats32(v ...float32) (b []byte) {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

// keras are the arrays of a .npz file under the names that Keras uses.
func keras(xTrain, yTrain, xTest, yTest []byte) []entry {
	return []entry{{"x_train.npy", xTrain}, {"y_train.npy", yTrain}, {"x_test.npy", xTest}, {"y_test.npy", yTest}}
}

func openArrays(t *testing.T, entries ...entry) (*Set, error) {
	t.Helper()
	return Open(filepath.Join(writeFiles(t, map[string][]byte{"a.npz": npzOf(t, entries...)}), "a.npz"))
}

func TestOpenReadsArrays(t *testing.T) {
	labels := npyOf("|u1", "False", "(2,)", []byte{2, 0})
	one := npyOf("|u1", "False", "(1,)", []byte{1})
	f8 := func(v ...float64) (b []byte) {
		for _, x := range v {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
		return b
	}
	for _, tt := range []struct {
		name   string
		arrays []entry
		shape  nn.Shape
		want   []float32 // the second picture for training
	}{
		{"bytes (N, H, W), as in Keras's mnist.npz",
			keras(npyOf("|u1", "False", "(2, 1, 2)", []byte{1, 2, 51, 255}), labels, npyOf("|u1", "False", "(1, 1, 2)", []byte{1, 2}), one),
			nn.Shape{1, 1, 2}, []float32{51. / 255, 1}},
		{"bytes (N, H, W, 3)",
			keras(npyOf("|u1", "False", "(2, 2, 1, 3)", []byte{1, 2, 3, 4, 5, 6, 0, 51, 102, 255, 0, 51}), labels,
				npyOf("|u1", "False", "(1, 2, 1, 3)", []byte{1, 2, 3, 4, 5, 6}), one),
			nn.Shape{3, 2, 1}, []float32{0, 1, 51. / 255, 0, 102. / 255, 51. / 255}},
		{"bytes (N, 3, H, W), labels (N, 1) of int64",
			keras(npyOf("|u1", "False", "(2, 3, 1, 2)", []byte{1, 2, 3, 4, 5, 6, 0, 51, 102, 255, 0, 51}),
				npyOf("<i8", "False", "(2, 1)", []byte{2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
				npyOf("|u1", "False", "(1, 3, 1, 2)", []byte{1, 2, 3, 4, 5, 6}), one),
			nn.Shape{3, 1, 2}, []float32{0, 51. / 255, 102. / 255, 1, 0, 51. / 255}},
		{"float32 (N, H, W, 1)",
			keras(npyOf("<f4", "False", "(2, 2, 2, 1)", floats32(0, 0, 0, 0, 0.25, -1, 2, 1e-9)), labels,
				npyOf("<f4", "False", "(1, 2, 2, 1)", floats32(0, 0, 0, 0)), one),
			nn.Shape{1, 2, 2}, []float32{0.25, -1, 2, 1e-9}},
		{"float64 (N, H, W, 3)",
			keras(npyOf("<f8", "False", "(2, 2, 1, 3)", f8(0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0.1)), labels,
				npyOf("<f8", "False", "(1, 2, 1, 3)", f8(0, 0, 0, 0, 0, 0)), one),
			nn.Shape{3, 2, 1}, []float32{1, 4, 2, 5, 3, 0.1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set := must(openArrays(t, tt.arrays...))(t)
			if !set.Train.Shape().Equal(tt.shape) || set.Train.Len() != 2 || set.Test.Len() != 1 || set.Train.Classes() != 3 || set.Test.Classes() != 3 {
				t.Errorf("shape %v, %d and %d pictures of %d and %d classes", set.Train.Shape(), set.Train.Len(), set.Test.Len(), set.Train.Classes(), set.Test.Classes())
			}
			if got := read(set.Train, 1); !slices.Equal(got, tt.want) {
				t.Errorf("picture 1 is %v, want %v", got, tt.want)
			}
			if set.Train.Label(0) != 2 || set.Train.Label(1) != 0 || set.Test.Label(0) != 1 {
				t.Error("labels differ")
			}
		})
	}
}

func TestOpenRefusesArraysThatAreNoSet(t *testing.T) {
	x, y := npyOf("|u1", "False", "(1, 1, 2)", []byte{1, 2}), npyOf("|u1", "False", "(1,)", []byte{0})
	for _, tt := range []struct {
		name   string
		arrays []entry
		want   string
	}{
		{"none", nil, "need x_train, y_train, x_test, y_test"},
		{"three", keras(x, y, x, y)[:3], `no array "y_test"`},
		{"two labels", keras(x, npyOf("|u1", "False", "(2,)", []byte{0, 1}), x, y), "x_train: 1 pictures for 2 labels"},
		{"labels in floating point", keras(x, npyOf("<f4", "False", "(1,)", floats32(1)), x, y), "y_train: an array of floating-point numbers; need integers"},
		{"labels one-hot", keras(x, npyOf("|u1", "False", "(1, 2)", []byte{0, 1}), x, y), "y_train: labels of shape (1, 2)"},
		{"a negative label", keras(x, y, x, npyOf("|i1", "False", "(1,)", []byte{255})), `"y_test": label -1 of picture 0`},
		{"a label that would be counted to", keras(x, y, x, npyOf("<i8", "False", "(1,)", []byte{0, 0, 0, 0, 0, 1, 0, 0})), "label 1099511627776"},
		{"two axes", keras(npyOf("|u1", "False", "(1, 2)", []byte{1, 2}), y, x, y), "x_train: pictures of shape (1, 2)"},
		{"two channels", keras(npyOf("|u1", "False", "(1, 2, 2, 2)", make([]byte, 8)), y, x, y), "with 1 or 3 channels"},
		{"channels first or last", keras(npyOf("|u1", "False", "(1, 3, 2, 3)", make([]byte, 18)), y, x, y), "axis 1 or axis 3"},
		{"none of 2⁶³ pixels", keras(npyOf("|u1", "False", "(0, 9, 9)", nil), y, x, y), "need at least one"},
		{"integers", keras(npyOf("<i2", "False", "(1, 1, 2)", make([]byte, 4)), y, x, y), "need uint8 (0…255) or floating point"},
		{"NaN", keras(x, y, npyOf("<f4", "False", "(1, 1, 2)", floats32(0, float32(math.NaN()))), y), `"x_test": element 1 is NaN`},
		{"shapes differ", keras(x, y, npyOf("|u1", "False", "(1, 2, 1)", []byte{1, 2}), y), "training pictures of shape (1, 1, 2) and test pictures of shape (1, 2, 1)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set, err := openArrays(t, tt.arrays...)
			if set != nil {
				t.Error("a set beside an error")
			}
			wantError(t, err, "a.npz: ", tt.want)
		})
	}
}

func TestOpenNeverPanicsOnArrays(t *testing.T) {
	x, y := npyOf("|u1", "False", "(1, 2, 1, 3)", make([]byte, 6)), npyOf("|u1", "False", "(1,)", []byte{0})
	good := npzOf(t, keras(x, y, x, y)...)
	path := filepath.Join(t.TempDir(), "a.npz")
	for i := range good {
		for _, changed := range [][]byte{good[:i], slices.Concat(good[:i], []byte{good[i] ^ 0xff}, good[i+1:])} {
			if err := os.WriteFile(path, changed, 0o644); err != nil {
				t.Fatal(err)
			}
			if set, err := Open(path); (set == nil) == (err == nil) {
				t.Errorf("byte %d: set %v, error %v", i, set, err)
			}
		}
	}
}

func TestFloatsChecksumDependsOnTheNumbers(t *testing.T) {
	sum := func(v float32, label int) string {
		return must(NewFloats(&nn.Tensor{Shape: []int{1, 1, 1, 2}, Data: []float32{0, v}}, []int{label}, 2))(t).SHA256()
	}
	if again := sum(1, 0); sum(1, 0) != again || again == sum(2, 0) || sum(1, 0) == sum(1, 1) {
		t.Error("the checksum does not follow the set")
	}
	if img := must(NewImages(nn.Shape{1, 1, 2}, []byte{0, 255}, []int{0}, 2))(t); img.SHA256() == sum(1, 0) {
		t.Error("bytes and numbers have the same checksum")
	}
	_, err := NewFloats(nn.NewTensor(2, 3), []int{0, 0}, 1)
	wantError(t, err, "need (N, C, H, W)")
}

// What else is in an archive does not matter, even if it is no array that is read.
func TestOpenPassesOverOtherArrays(t *testing.T) {
	x, y := npyOf("|u1", "False", "(1, 1, 2)", []byte{1, 2}), npyOf("|u1", "False", "(1,)", []byte{0})
	set, err := openArrays(t, append(keras(x, y, x, y), entry{"names.npy", npyOf("<U1", "False", "(1,)", []byte{65, 0, 0, 0})}, entry{"README.txt", []byte("hello")})...)
	if err != nil {
		t.Fatal(err)
	}
	if want := "passed over 2 arrays that are no part of the set: names, README.txt"; len(set.Notes) != 1 || set.Notes[0] != want {
		t.Errorf("notes %q, want %q", set.Notes, want)
	}
}
