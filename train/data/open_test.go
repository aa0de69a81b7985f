package data

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// idxFiles are ten pictures for training, one of each class, and one for testing, under
// the names of MNIST and Fashion-MNIST.
func idxFiles() map[string][]byte {
	return map[string][]byte{
		"train-images-idx3-ubyte.gz": zipped(idxFileOf(make([]byte, 40), 10, 2, 2)),
		"train-labels-idx1-ubyte.gz": zipped(idxFileOf([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 10)),
		"t10k-images-idx3-ubyte.gz":  zipped(idxFileOf(make([]byte, 4), 1, 2, 2)),
		"t10k-labels-idx1-ubyte.gz":  zipped(idxFileOf([]byte{3}, 1)),
	}
}

// folderOf writes files, in folders if their names say so, into a new folder of a name.
func folderOf(t *testing.T, name string, files map[string][]byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	for name, b := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOpenNamesTheClassesOfIDXFolders(t *testing.T) {
	with := func(classes string) map[string][]byte {
		files := idxFiles()
		if classes != "" {
			files["classes.txt"] = []byte(classes)
		}
		return files
	}
	for _, tt := range []struct {
		folder, classes string
		want            string
		count           int
	}{
		{"digits", "", "", 10},
		{"Fashion-MNIST", "", "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot", 10},
		{"fashion", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n", "a,b,c,d,e,f,g,h,i,j", 10},
		{"letters", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n", "a,b,c,d,e,f,g,h,i,j,k", 11},
	} {
		t.Run(tt.folder, func(t *testing.T) {
			dir := folderOf(t, tt.folder, with(tt.classes))
			set := must(Open(dir))(t)
			if set.ClassNames.String() != tt.want || set.Name != dir || set.Train.Len() != 10 || set.Test.Label(0) != 3 {
				t.Errorf("classes %q, name %q", set.ClassNames, set.Name)
			}
			if set.Train.Classes() != tt.count || set.Test.Classes() != tt.count {
				t.Errorf("%d and %d classes, want %d", set.Train.Classes(), set.Test.Classes(), tt.count)
			}
			if set.Limit(5).ClassNames.String() != tt.want {
				t.Error("Limit loses the names")
			}
		})
	}
	_, err := Open(folderOf(t, "x", with("a\nb\n")))
	wantError(t, err, "classes.txt: 2 class names for 10 classes")
}

func TestOpenSaysWhatItReads(t *testing.T) {
	dir := folderOf(t, "x", map[string][]byte{"a.txt": nil, "b/.hidden/c": nil, ".d/e.png": nil, "only/train-images-idx3-ubyte": nil})
	for name, want := range map[string]string{
		"absent": "absent", "a.txt": "not a data set; need a folder of IDX files", "b/.hidden": "no data set in it; need a folder of IDX files",
		"b": "no data set in it", "only": "t10k-images-idx3-ubyte: no such file",
	} {
		set, err := Open(filepath.Join(dir, filepath.FromSlash(name)))
		if set != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}
