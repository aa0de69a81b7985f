package data

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/color"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// firstPixels are the first pixels of all pictures of a set.
func firstPixels(s nn.Samples) (v []byte) {
	if s == nil {
		return nil
	}
	for i := range s.Len() {
		v = append(v, s.(*Images).Pixels(i)[0])
	}
	return v
}

func TestOpenUsesAFolderForValidation(t *testing.T) {
	grey := func(v byte) []byte { return greyPNG(t, 2, 2, v) }
	for _, tt := range []struct {
		name             string
		files            map[string][]byte
		train, test, val string
		notes            []string
	}{
		{"beside train and test", map[string][]byte{"train/a/0.png": grey(1), "train/b/0.png": grey(2), "test/a/0.png": grey(3), "val/b/0.png": grey(4)},
			"[1 2]", "[3]", "[4]", nil},
		{"without test it is the test set", map[string][]byte{"train/a/0.png": grey(1), "valid/a/0.png": grey(4)}, "[1]", "[4]", "[]", []string{"valid is the test set"}},
		{"other names", map[string][]byte{"Training/a/0.png": grey(1), "Testing/a/0.png": grey(3), "Validation/a/0.png": grey(4)}, "[1]", "[3]", "[4]", nil},
		{"what is beside them", map[string][]byte{"train/a/0.png": grey(1), "test/a/0.png": grey(3), "extra/a/0.png": grey(4), "labels.csv": nil}, "[1]", "[3]", "[]",
			[]string{"passed over 2 files that are no pictures of a class: extra, labels.csv"}},
		{"classes with such names", map[string][]byte{"train/0.png": grey(1), "train/1.png": grey(1), "val/0.png": grey(2), "val/1.png": grey(2)}, "[1 2]", "[1 2]", "[]", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set := must(Open(folderOf(t, "x", tt.files)))(t)
			got := []string{fmt.Sprint(firstPixels(set.Train)), fmt.Sprint(firstPixels(set.Test)), fmt.Sprint(firstPixels(set.Val))}
			if want := []string{tt.train, tt.test, tt.val}; !slices.Equal(got, want) {
				t.Errorf("train, test and val %q, want %q", got, want)
			}
			if (set.Val == nil) != (tt.val == "[]") || len(set.Notes) != len(tt.notes) {
				t.Fatalf("validation %v, notes %q", set.Val, set.Notes)
			}
			for i, n := range tt.notes {
				if !strings.Contains(set.Notes[i], n) {
					t.Errorf("note %q, want %q", set.Notes[i], n)
				}
			}
			if l := set.Limit(1); set.Val != nil && (l.Val == nil || l.Val.Len() != 1) {
				t.Error("Limit loses the part for validation")
			}
		})
	}
	with, without := map[string][]byte{"train/a/0.png": grey(1), "test/a/0.png": grey(3), "val/a/0.png": grey(4)}, map[string][]byte{}
	for name, b := range with {
		without[strings.Replace(name, "val", "other", 1)] = b
	}
	if must(Open(folderOf(t, "x", with)))(t).SHA256 == must(Open(folderOf(t, "x", without)))(t).SHA256 {
		t.Error("the checksum leaves out the part for validation")
	}
}

func TestOpenPassesOverStrayFiles(t *testing.T) {
	files := map[string][]byte{"a/0.png": greyPNG(t, 2, 2, 1), "a/1.png": greyPNG(t, 2, 2, 2), "a/Thumbs.db": nil, "a/.DS_Store": nil, "notes.txt": nil,
		"__MACOSX/a/._0.png": nil, "a/@eaDir/0.png": nil}
	set := must(Open(folderOf(t, "x", files)))(t)
	if want := "passed over 2 files that are no pictures of a class: notes.txt, a/Thumbs.db"; !slices.Equal(set.Notes, []string{want}) {
		t.Errorf("notes %q, want %q", set.Notes, want)
	}
	for i := range 100 {
		files[fmt.Sprintf("a/%03d.csv", i)] = nil
	}
	set = must(Open(folderOf(t, "x", files)))(t)
	if len(set.Notes) != 1 || !strings.HasSuffix(set.Notes[0], "a/003.csv and 97 more") {
		t.Errorf("notes %q, want five names and 97 more", set.Notes)
	}
}

func TestOpenSkipsUnreadablePictures(t *testing.T) {
	good := func(v byte) []byte { return greyPNG(t, 20, 20, v) }
	cut := good(9)[:60]
	files := map[string][]byte{
		"train/a/0.png": good(1), "train/a/1.png": []byte("hello"), "train/a/2.png": cut, "train/b/0.png": good(2),
		"test/a/0.png": pngClaiming(t, 1025, 1024), "test/a/1.png": good(3), "val/b/0.png": nil, "val/b/1.png": good(4),
	}
	dir := folderOf(t, "x", files)
	set := must(Options{SkipUnreadable: true}.Open(dir))(t)
	if got := fmt.Sprint(firstPixels(set.Train), firstPixels(set.Test), firstPixels(set.Val)); got != "[1 2] [3] [4]" {
		t.Errorf("pictures %s", got)
	}
	if len(set.Notes) != 1 || !strings.HasPrefix(set.Notes[0], "passed over 4 unreadable pictures: train/a/1.png (not a readable PNG or JPEG picture") {
		t.Errorf("notes %q", set.Notes)
	}
	for _, name := range []string{"train/a/2.png (damaged", "test/a/0.png (a picture of 1025", "val/b/0.png"} {
		if !strings.Contains(set.Notes[0], name) {
			t.Errorf("note %q does not name %s", set.Notes[0], name)
		}
	}
	_, err := Open(dir)
	wantError(t, err, "--skip-unreadable goes on without it")
	for name, tt := range map[string]struct {
		file string
		want string
	}{
		"a class":       {"train/b/0.png", `no readable picture of class "b" for training`},
		"the test set":  {"test/a/1.png", "no readable picture for testing"},
		"not the other": {"val/b/1.png", ""},
	} {
		t.Run(name, func(t *testing.T) {
			broken := map[string][]byte{}
			for f, b := range files {
				broken[f] = b
			}
			broken[tt.file] = cut
			set, err := Options{SkipUnreadable: true}.Open(folderOf(t, "x", broken))
			if tt.want == "" {
				if err != nil || set.Val != nil {
					t.Errorf("validation %v, %v", set, err)
				}
				return
			}
			wantError(t, err, tt.want)
		})
	}
	_, err = Options{SkipUnreadable: true}.Open(folderOf(t, "x", map[string][]byte{"a/0.png": nil, "a/1.png": cut}))
	wantError(t, err, "none of ", "can be read; the first error is: ")
}

// A damaged picture of another size, in colour, whose header can be read has no say in what
// the set is.
func TestDamagedPicturesHaveNoSay(t *testing.T) {
	damaged := pngOf(t, uniform(30, 20, color.NRGBA{10, 20, 30, 255}))
	damaged = damaged[:len(damaged)-20]
	for i := range 2 {
		files := map[string][]byte{"train/b/0.png": greyPNG(t, 8, 8, 2), "test/a/0.png": greyPNG(t, 8, 8, 3)}
		files["train/a/0.png"], files["train/a/1.png"] = damaged, greyPNG(t, 8, 8, 1)
		if i == 1 {
			files["train/a/0.png"], files["train/a/1.png"] = files["train/a/1.png"], files["train/a/0.png"]
		}
		set := must(Options{SkipUnreadable: true}.Open(folderOf(t, "x", files)))(t)
		if !set.Train.Shape().Equal(nn.Shape{1, 8, 8}) || set.Train.Len() != 2 || len(set.Notes) != 1 {
			t.Errorf("shape %v, %d pictures, notes %q", set.Train.Shape(), set.Train.Len(), set.Notes)
		}
	}
}

func TestAGreyPictureWithAlphaIsGrey(t *testing.T) {
	colour := uniform(2, 2, color.NRGBA{10, 20, 30, 200})
	for _, tt := range []struct {
		name     string
		file     []byte
		channels int
		want     byte
	}{
		{"opaque", greyAlphaPNG(t, 2, 2, 77, 255), 1, 77},
		{"transparent is white", greyAlphaPNG(t, 2, 2, 77, 0), 1, 255},
		{"half transparent", greyAlphaPNG(t, 2, 2, 0, 128), 1, 127},
		{"colour with alpha", pngOf(t, colour), 3, 63},
		{"grey stored as colour with alpha", pngOf(t, uniform(2, 2, color.NRGBA{0, 0, 0, 0})), 3, 255},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set := must(Open(folderOf(t, "x", map[string][]byte{
				"train/a/0.png": greyPNG(t, 2, 2, 7), "train/a/1.png": tt.file, "test/a/0.png": greyPNG(t, 2, 2, 9)})))(t)
			if !set.Train.Shape().Equal(nn.Shape{tt.channels, 2, 2}) {
				t.Fatalf("shape %v, want %d channels", set.Train.Shape(), tt.channels)
			}
			if got := set.Train.(*Images).Pixels(1)[0]; got != tt.want {
				t.Errorf("pixel %d, want %d", got, tt.want)
			}
		})
	}
}

func TestOpenReadsClassesOfManySpellings(t *testing.T) {
	names := []string{"10", "2", "30", "Zürich, Bern", "été", "北京 市"}
	files := map[string][]byte{}
	for i, name := range names {
		files[name+"/0.png"], files[name+"/1.png"] = greyPNG(t, 1, 1, byte(i)), greyPNG(t, 1, 1, byte(i))
	}
	set := must(Open(folderOf(t, "x", files)))(t)
	if !slices.Equal(set.ClassNames, names) || fmt.Sprint(firstPixels(set.Train)) != "[0 1 2 3 4 5]" {
		t.Errorf("classes %q, pictures %v", set.ClassNames, firstPixels(set.Train))
	}
	if again := must(ParseClassNames(set.ClassNames.String(), len(names)))(t); !slices.Equal(again, names) {
		t.Errorf("read back as %q", again)
	}
}

// greyAlphaPNG is a picture of colour type 4, grey with alpha, which image/png reads and
// does not write.
func greyAlphaPNG(t testing.TB, w, h int, grey, alpha byte) []byte {
	t.Helper()
	var rows, packed bytes.Buffer
	for range h {
		rows.WriteByte(0) // no filter
		rows.Write(bytes.Repeat([]byte{grey, alpha}, w))
	}
	z := zlib.NewWriter(&packed)
	z.Write(rows.Bytes())
	z.Close()
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	png := []byte("\x89PNG\r\n\x1a\n")
	for _, chunk := range [][]byte{append([]byte("IHDR"), append(head, 8, 4, 0, 0, 0)...), append([]byte("IDAT"), packed.Bytes()...), []byte("IEND")} {
		png = append(binary.BigEndian.AppendUint32(png, uint32(len(chunk)-4)), chunk...)
		png = binary.BigEndian.AppendUint32(png, crc32.ChecksumIEEE(chunk))
	}
	return png
}
