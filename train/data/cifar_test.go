package data

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// cifarRecord is a picture of one value a channel behind its labels.
func cifarRecord(r, g, b byte, labels ...byte) []byte {
	return slices.Concat(labels, bytes.Repeat([]byte{r}, 1024), bytes.Repeat([]byte{g}, 1024), bytes.Repeat([]byte{b}, 1024))
}

// cifar10Files are a set of two pictures in each batch.
func cifar10Files() map[string][]byte {
	files := map[string][]byte{"test_batch.bin": cifarRecord(7, 8, 9, 9)}
	for i := range byte(5) {
		name := fmt.Sprintf("data_batch_%d.bin", i+1)
		files[name] = append(cifarRecord(10*i, 1, 2, i), cifarRecord(10*i+5, 3, 4, i+1)...)
	}
	return files
}

func TestOpenReadsCIFAR10(t *testing.T) {
	files := cifar10Files()
	set := must(Open(writeFiles(t, files)))(t)
	if set.Train.Len() != 10 || set.Test.Len() != 1 || !set.Train.Shape().Equal(nn.Shape{3, 32, 32}) || set.Train.Classes() != 10 {
		t.Fatalf("%d and %d pictures of shape %v in %d classes", set.Train.Len(), set.Test.Len(), set.Train.Shape(), set.Train.Classes())
	}
	train := set.Train.(*Images)
	for i := range 10 {
		p := train.Pixels(i)
		if want := byte(i * 5); p[0] != want || p[1023] != want || p[1024] != byte(1+i%2*2) || p[3071] != byte(2+i%2*2) || train.Label(i) != i/2+i%2 {
			t.Errorf("picture %d: %d %d %d %d, label %d", i, p[0], p[1023], p[1024], p[3071], train.Label(i))
		}
	}
	if set.Test.Label(0) != 9 || set.Test.(*Images).Pixels(0)[0] != 7 {
		t.Error("the test set is another")
	}
	if set.ClassNames.String() != "airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck" {
		t.Errorf("classes %v", set.ClassNames)
	}
	files["batches.meta.txt"] = []byte("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n")
	if set := must(Open(writeFiles(t, files)))(t); set.ClassNames.String() != "a,b,c,d,e,f,g,h,i,j" {
		t.Errorf("classes %v, want those of the file", set.ClassNames)
	}
}

func TestOpenReadsCIFAR100ByItsFineLabels(t *testing.T) {
	files := map[string][]byte{
		"train.bin": append(cifarRecord(1, 2, 3, 19, 99), cifarRecord(4, 5, 6, 0, 1)...),
		"test.bin":  cifarRecord(7, 8, 9, 3, 50),
	}
	set := must(Open(writeFiles(t, files)))(t)
	if set.Train.Label(0) != 99 || set.Train.Label(1) != 1 || set.Test.Label(0) != 50 || set.Train.Classes() != 100 || set.ClassNames != nil {
		t.Errorf("labels %d %d %d of %d classes %v", set.Train.Label(0), set.Train.Label(1), set.Test.Label(0), set.Train.Classes(), set.ClassNames)
	}
	if p := set.Train.(*Images).Pixels(1); p[0] != 4 || p[3071] != 6 {
		t.Errorf("pixels %d … %d", p[0], p[3071])
	}
}

func TestCIFARSaysWhatIsWrong(t *testing.T) {
	for _, tt := range []struct {
		name string
		file string
		b    []byte // nil for no file
		want string
	}{
		{"a batch missing", "data_batch_3.bin", nil, "data_batch_3.bin"},
		{"no test batch", "test_batch.bin", nil, "test_batch.bin"},
		{"empty", "data_batch_2.bin", []byte{}, "data_batch_2.bin: 0 bytes; need a whole number of records of 3073 bytes"},
		{"a byte short", "data_batch_2.bin", make([]byte, 3072), "3072 bytes; need a whole number"},
		{"a byte too many", "test_batch.bin", make([]byte, 3074), "test_batch.bin: 3074 bytes"},
		{"CIFAR-100's records", "data_batch_1.bin", make([]byte, 3074), "data_batch_1.bin: 3074 bytes"},
		{"a label too large", "data_batch_5.bin", append(cifarRecord(0, 0, 0, 9), cifarRecord(0, 0, 0, 10)...), "data_batch_5.bin: label 10 of record 1; need 0 to 9"},
		{"nine names", "batches.meta.txt", []byte("a\nb\nc\nd\ne\nf\ng\nh\ni\n"), "batches.meta.txt: 9 class names for 10 classes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := cifar10Files()
			files[tt.file] = tt.b
			if tt.b == nil {
				delete(files, tt.file)
			}
			dir := writeFiles(t, files)
			set, err := Open(dir)
			if set != nil {
				t.Error("a set beside an error")
			}
			wantError(t, err, dir, tt.want)
		})
	}
}

// A file of the largest size of which nothing is stored on the disk: sizes are added
// up before memory is taken.
func TestCIFARAddsUpSizesBeforeItReads(t *testing.T) {
	dir := writeFiles(t, cifar10Files())
	for i := range 2 {
		path := filepath.Join(dir, fmt.Sprintf("data_batch_%d.bin", i+1))
		if err := os.Truncate(path, MaxBytes/3073*3073); err != nil {
			t.Fatal(err)
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Open(dir)
	runtime.ReadMemStats(&after)
	wantError(t, err, "data_batch_2.bin: more than 349411 pictures")
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20 {
		t.Errorf("%d bytes were allocated to refuse", taken)
	}
}
