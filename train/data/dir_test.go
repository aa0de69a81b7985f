package data

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestOpenDirReadsTheUsualNames(t *testing.T) {
	train, test := idxFileOf([]byte{1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2), idxFileOf([]byte{9, 8, 7, 6}, 1, 2, 2)
	trainLabels, testLabels := idxFileOf([]byte{0, 1}, 2), idxFileOf([]byte{4}, 1)
	for name, files := range map[string]map[string][]byte{
		"plain": {"train-images-idx3-ubyte": train, "train-labels-idx1-ubyte": trainLabels,
			"t10k-images-idx3-ubyte": test, "t10k-labels-idx1-ubyte": testLabels},
		"gzip": {"train-images-idx3-ubyte.gz": zipped(train), "train-labels-idx1-ubyte.gz": zipped(trainLabels),
			"t10k-images-idx3-ubyte.gz": zipped(test), "t10k-labels-idx1-ubyte.gz": zipped(testLabels)},
		"dots": {"train-images.idx3-ubyte": train, "train-labels.idx1-ubyte": trainLabels,
			"t10k-images.idx3-ubyte": test, "t10k-labels.idx1-ubyte": testLabels},
		"four axes": {"train-images-idx4-ubyte": idxFileOf(train[16:], 2, 1, 2, 2), "train-labels-idx1-ubyte": trainLabels,
			"t10k-images-idx4-ubyte": idxFileOf(test[16:], 1, 1, 2, 2), "t10k-labels-idx1-ubyte": testLabels},
	} {
		t.Run(name, func(t *testing.T) {
			train, test, err := OpenDir(writeFiles(t, files))
			if err != nil {
				t.Fatal(err)
			}
			if !train.Shape().Equal(nn.Shape{1, 2, 2}) || train.Len() != 2 || test.Len() != 1 {
				t.Errorf("shape %v, %d and %d pictures", train.Shape(), train.Len(), test.Len())
			}
			if train.Classes() != 5 || test.Classes() != 5 {
				t.Errorf("%d and %d classes, want the 5 of both sets' labels", train.Classes(), test.Classes())
			}
			if !slices.Equal(train.Pixels(1), []byte{5, 6, 7, 8}) || train.Label(1) != 1 || test.Label(0) != 4 {
				t.Errorf("pixels %v, labels %d and %d", train.Pixels(1), train.Label(1), test.Label(0))
			}
		})
	}
}

func TestOpenDirKeepsColourPlanes(t *testing.T) {
	rgb := idxFileOf([]byte{1, 2, 3, 4, 5, 6}, 1, 3, 1, 2)
	label := idxFileOf([]byte{0}, 1)
	train, _, err := OpenDir(writeFiles(t, map[string][]byte{"train-images-idx4-ubyte": rgb, "train-labels-idx1-ubyte": label,
		"t10k-images-idx4-ubyte": rgb, "t10k-labels-idx1-ubyte": label}))
	if err != nil || !train.Shape().Equal(nn.Shape{3, 1, 2}) {
		t.Fatalf("shape %v, %v", train.Shape(), err)
	}
}

func TestOpenDirSaysWhatIsWrong(t *testing.T) {
	image, label := idxFileOf([]byte{1, 2, 3, 4}, 1, 2, 2), idxFileOf([]byte{0}, 1)
	whole := func(change map[string][]byte) map[string][]byte {
		files := map[string][]byte{"train-images-idx3-ubyte": image, "train-labels-idx1-ubyte": label,
			"t10k-images-idx3-ubyte": image, "t10k-labels-idx1-ubyte": label}
		for name, b := range change {
			files[name] = b
			if b == nil {
				delete(files, name)
			}
		}
		return files
	}
	for _, tt := range []struct {
		name  string
		files map[string][]byte
		want  []string
	}{
		{"nothing there", nil, []string{"train-images-idx3-ubyte: no such file", "train-labels-idx1-ubyte: no such file",
			"t10k-images-idx3-ubyte: no such file", "t10k-labels-idx1-ubyte: no such file"}},
		{"one missing", whole(map[string][]byte{"t10k-labels-idx1-ubyte": nil}), []string{"t10k-labels-idx1-ubyte: no such file, nor with .gz"}},
		{"more labels than pictures", whole(map[string][]byte{"train-labels-idx1-ubyte": idxFileOf([]byte{0, 1}, 2)}),
			[]string{"train-labels-idx1-ubyte", "2 labels for the 1 pictures of train-images-idx3-ubyte"}},
		{"shapes differ", whole(map[string][]byte{"t10k-images-idx3-ubyte": idxFileOf([]byte{1, 2, 3, 4}, 1, 1, 4)}),
			[]string{"training pictures of shape (1, 2, 2) and test pictures of shape (1, 1, 4)"}},
		{"cut", whole(map[string][]byte{"t10k-images-idx3-ubyte": image[:19]}), []string{"t10k-images-idx3-ubyte: truncated: got 3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := writeFiles(t, tt.files)
			train, test, err := OpenDir(dir)
			if train != nil || test != nil {
				t.Error("a set beside an error")
			}
			wantError(t, err, append(tt.want, dir)...)
		})
	}
	dir := writeFiles(t, map[string][]byte{"file": nil})
	_, _, err := OpenDir(filepath.Join(dir, "absent"))
	wantError(t, err, "absent")
	_, _, err = OpenDir(filepath.Join(dir, "file"))
	wantError(t, err, "not a folder")
	if err := os.Mkdir(filepath.Join(dir, "train-images-idx3-ubyte"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "train-labels-idx1-ubyte"), label, 0o644); err != nil {
		t.Fatal(err)
	}
	_, _, err = OpenDir(dir)
	wantError(t, err, "train-images-idx3-ubyte: not a regular file")
}

func TestNewSetRefusesSetsThatDiffer(t *testing.T) {
	a := testImages(t, 3, nn.Shape{1, 2, 2})
	shape := testImages(t, 3, nn.Shape{1, 2, 3})
	classes := must(NewImages(nn.Shape{1, 2, 2}, make([]byte, 4), []int{0}, 9))(t)
	_, err := NewSet("s", a, shape)
	wantError(t, err, "s: training pictures of shape (1, 2, 2)")
	_, err = NewInvertedSet("s", a, classes)
	wantError(t, err, "3 classes for training and 9 for testing")
}

func TestSetLimitsBothSidesAndKeepsItsChecksum(t *testing.T) {
	train, test := testImages(t, 9, nn.Shape{1, 2, 2}), testImages(t, 4, nn.Shape{1, 2, 2})
	s := must(NewInvertedSet("s", train, test))(t)
	l := s.Limit(10)
	if l.Train.Len() != 10 || l.Test.Len() != 8 || l.SHA256 != s.SHA256 || l.Name != "s" {
		t.Errorf("%d and %d samples, checksum %s; want 10, 8 and %s", l.Train.Len(), l.Test.Len(), l.SHA256, s.SHA256)
	}
	if swapped := must(NewInvertedSet("s", test, train))(t); swapped.SHA256 == s.SHA256 {
		t.Error("swapping the sets keeps the checksum")
	}
}
