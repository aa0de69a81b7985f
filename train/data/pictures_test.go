package data

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func greyPNG(t testing.TB, w, h int, v byte) []byte {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = v
	}
	return pngOf(t, img)
}

func TestOpenReadsPicturesByClass(t *testing.T) {
	set := must(Open(folderOf(t, "x", map[string][]byte{
		"train/cat/2.png": greyPNG(t, 3, 2, 2), "train/cat/10.png": greyPNG(t, 3, 2, 10), "train/ant/z.PNG": greyPNG(t, 3, 2, 30),
		"test/cat/a.png": greyPNG(t, 3, 2, 40), "train/.DS_Store": nil, "train/cat/.thumb": nil, ".git/config": nil,
	})))(t)
	if set.Notes != nil || set.Val != nil {
		t.Errorf("notes %q, validation %v", set.Notes, set.Val)
	}
	if set.ClassNames.String() != "ant,cat" || !set.Train.Shape().Equal(nn.Shape{1, 2, 3}) || set.Train.Classes() != 2 || set.Test.Classes() != 2 {
		t.Errorf("classes %v, shape %v", set.ClassNames, set.Train.Shape())
	}
	var got []string
	for _, s := range []nn.Samples{set.Train, set.Test} {
		for i := range s.Len() {
			got = append(got, fmt.Sprint(s.(*Images).Pixels(i)[5], s.Label(i)))
		}
	}
	if want := []string{"30 0", "10 1", "2 1", "40 1"}; !slices.Equal(got, want) {
		t.Errorf("pixels and labels %q, want %q: by class, then by name", got, want)
	}
}

func TestOpenReadsPicturesInColourIfOneHasColour(t *testing.T) {
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, uniform(2, 2, color.Gray{100}), nil); err != nil {
		t.Fatal(err)
	}
	greyPalette := pngOf(t, image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Gray{50}, color.Gray{60}}))
	for _, tt := range []struct {
		name     string
		file     []byte
		channels int
		want     []byte
	}{
		{"a palette of greys", greyPalette, 1, []byte{50}},
		{"grey of 16 bits", pngOf(t, grey16(2, 2, 0x8000)), 1, []byte{128}},
		{"a palette of colours", pngOf(t, image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.RGBA{1, 2, 3, 255}})), 3, []byte{1, 2, 3}},
		{"colour", pngOf(t, uniform(2, 2, color.NRGBA{10, 20, 30, 255})), 3, []byte{10, 20, 30}},
		{"a jpeg stored in colour", jpg.Bytes(), 3, []byte{100, 100, 100}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set := must(Open(folderOf(t, "x", map[string][]byte{
				"train/a/0.png": greyPNG(t, 2, 2, 7), "train/a/1.jpeg": tt.file, "test/a/0.png": greyPNG(t, 2, 2, 9),
			})))(t)
			if !set.Train.Shape().Equal(nn.Shape{tt.channels, 2, 2}) || !set.Test.Shape().Equal(set.Train.Shape()) {
				t.Fatalf("shapes %v and %v", set.Train.Shape(), set.Test.Shape())
			}
			for c, want := range tt.want {
				if p := set.Train.(*Images).Pixels(1)[4*c]; p != want {
					t.Errorf("channel %d is %d, want %d", c, p, want)
				}
				if p := set.Test.(*Images).Pixels(0)[4*c]; p != 9 {
					t.Errorf("the grey picture's channel %d is %d, want 9", c, p)
				}
			}
		})
	}
}

// A fifth of each class is for testing; no picture is lost or in both sets.
func TestOpenSplitsAFolderWithoutTestSet(t *testing.T) {
	files := map[string][]byte{}
	for i := range 20 {
		files[fmt.Sprintf("a/%02d.png", i)] = greyPNG(t, 1, 1, byte(i))
		files[fmt.Sprintf("b/%02d.png", i)] = greyPNG(t, 1, 1, byte(100+i))
	}
	files["c/0.png"], files["c/1.png"] = greyPNG(t, 1, 1, 200), greyPNG(t, 1, 1, 201)
	dir := folderOf(t, "x", files)
	set, again := must(Open(dir))(t), must(Open(dir))(t)
	if set.SHA256 != again.SHA256 {
		t.Error("reading twice splits differently")
	}
	if got := [][]int{Counts(set.Train), Counts(set.Test)}; fmt.Sprint(got) != "[[16 16 1] [4 4 1]]" {
		t.Errorf("pictures per class %v", got)
	}
	var seen []byte
	for _, s := range []nn.Samples{set.Train, set.Test} {
		for i := range s.Len() {
			p := s.(*Images).Pixels(i)[0]
			if seen = append(seen, p); int(p)/100 != s.Label(i) {
				t.Errorf("picture %d has label %d", p, s.Label(i))
			}
		}
	}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 42 {
		t.Errorf("pictures %v", seen)
	}
}

// Folders of the two sets belong together by name, however that is spelled.
func TestOpenMatchesTheFoldersOfBothSets(t *testing.T) {
	set := must(Open(folderOf(t, "x", map[string][]byte{
		"train/Big dog/0.png": greyPNG(t, 1, 1, 1), "train/ape/0.png": greyPNG(t, 1, 1, 2), "train/cat/0.png": greyPNG(t, 1, 1, 3),
		"test/Cat/0.png": greyPNG(t, 1, 1, 3), "test/ape/0.png": greyPNG(t, 1, 1, 2), "test/big_dog/0.png": greyPNG(t, 1, 1, 1),
	})))(t)
	if want := (ClassNames{"Big dog", "ape", "cat"}); !slices.Equal(set.ClassNames, want) {
		t.Errorf("classes %q, want %q", set.ClassNames, want)
	}
	for _, s := range []nn.Samples{set.Train, set.Test} {
		for i := range s.Len() {
			if p := s.(*Images).Pixels(i)[0]; int(p) != s.Label(i)+1 {
				t.Errorf("picture %d has label %d", p, s.Label(i))
			}
		}
	}
	if n := set.Test.Len(); n != 3 {
		t.Errorf("%d pictures for testing, want 3", n)
	}
}

func TestOpenSaysWhatIsWrongWithPictures(t *testing.T) {
	grey := greyPNG(t, 3, 2, 1)
	for _, tt := range []struct {
		name  string
		files map[string][]byte
		want  []string
	}{
		{"sizes differ", map[string][]byte{"train/a/0.png": grey, "train/b/1.png": greyPNG(t, 2, 3, 1), "test/a/0.png": grey},
			[]string{"1.png: 3 × 2 pixels (height × width)", "0.png has 2 × 3; need pictures of one size", "--resize squash:2x3"}},
		{"sizes of the two sets differ", map[string][]byte{"train/a/0.png": grey, "test/a/5.png": greyPNG(t, 2, 3, 1)}, []string{"5.png: 3 × 2 pixels"}},
		{"no test set", map[string][]byte{"train/a/0.png": grey}, []string{"only one of the folders train and test"}},
		{"an unknown class", map[string][]byte{"train/a/0.png": grey, "test/b/0.png": grey}, []string{`the training set has no class "b"; its classes are "a"`}},
		{"one picture of a class", map[string][]byte{"a/0.png": grey, "a/1.png": grey, "b/0.png": grey}, []string{`one picture of class "b"`}},
		{"a class without pictures", map[string][]byte{"train/a/.x": nil, "test/a/0.png": grey}, []string{"a: no .png, .jpg or .jpeg pictures in it"}},
		{"a folder in a class", map[string][]byte{"a/0.png": grey, "a/b/1.png": grey}, []string{"b: a folder in the folder of a class"}},
		{"a folder more around all", map[string][]byte{"set/train/a/0.png": grey, "set/train/b/0.png": grey, "set/test/a/1.png": grey, "set/test/b/1.png": grey},
			[]string{": a folder in the folder of a class; the data set is ", filepath.FromSlash("/set: give that")}},
		{"two folders more around all", map[string][]byte{"out/in/a/0.png": grey, "out/in/a/1.png": grey, "out/in/b/0.png": grey, "out/in/b/1.png": grey},
			[]string{"in: a folder in the folder of a class; the data set is ", filepath.FromSlash("/out/in: give that")}},
		{"folders without pictures", map[string][]byte{"a/b/c/0.txt": grey}, []string{"b: a folder in the folder of a class; need pictures alone"}},
		{"a folder twice", map[string][]byte{"train/a/0.png": grey, "val/a/0.png": grey, "Valid/a/0.png": grey}, []string{"Valid and ", "val are there for the same"}},
		{"a test set of two names", map[string][]byte{"train/a/0.png": grey, "val/b/0.png": grey}, []string{`the training set has no class "b"; its classes are "a"`}},
		{"validation alone", map[string][]byte{"val/a/0.png": grey}, []string{"need both, or train and val, or neither"}},
		{"a class with a blank at its end", map[string][]byte{"a /0.png": grey, "a /1.png": grey}, []string{`"a "`, "rename the folder"}},
		{"damaged", map[string][]byte{"a/0.png": grey, "a/1.png": grey[:len(grey)-20]}, []string{"1.png: damaged or truncated picture", "--skip-unreadable goes on without it"}},
		{"no picture", map[string][]byte{"a/0.png": grey, "a/1.png": []byte("hello")}, []string{"1.png: not a readable PNG or JPEG"}},
		{"a picture too large", map[string][]byte{"a/0.png": pngClaiming(t, 1025, 1024), "a/1.png": grey}, []string{"0.png: a picture of 1025 × 1024 pixels; the largest of a set has 1048576"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set, err := Open(folderOf(t, "x", tt.files))
			if set != nil {
				t.Error("a set beside an error")
			}
			wantError(t, err, tt.want...)
		})
	}
}

// Fifteen pictures claim 60 MiB together and hold nothing: the first one is found broken
// before memory is taken for any. A few more claim what so small files are not decoded to.
func TestOpenTakesNoMemoryForPicturesThatAreNotThere(t *testing.T) {
	files := map[string][]byte{}
	for i := range 15 {
		files[fmt.Sprintf("a/%02d.png", i)] = pngClaiming(t, 1024, 1024)
	}
	dir := folderOf(t, "x", files)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Open(dir)
	runtime.ReadMemStats(&after)
	wantError(t, err, "damaged or truncated picture")
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 8<<20 {
		t.Errorf("%d bytes were allocated to refuse", taken)
	}
	for i := range 17 {
		files[fmt.Sprintf("a/%02d.png", i)] = pngClaiming(t, 1024, 1024)
	}
	_, err = Open(folderOf(t, "y", files))
	wantError(t, err, "00.png and 16 more pictures take 71303168 bytes when they are decoded; the most that is decoded of files of 1241 bytes is 67232964")
}

func TestPicturesAreAtMostAGibibyte(t *testing.T) {
	files := make([]pictureFile, 1100)
	path := folderOf(t, "x", map[string][]byte{"0.png": pngOf(t, uniform(1, 1, color.Black))})
	for i := range files {
		files[i] = pictureFile{path: path + "/0.png"}
	}
	r := &folderReader{Options: Options{Resize: Resize{Squash, 1024, 1024}}}
	_, _, err := r.read(files, 1)
	wantError(t, err, "0.png and 1099 more pictures of shape (3, 1024, 1024): more than the 1073741824 bytes")
}

// A name in NFD, as macOS may write it, is the one in NFC.
func TestOpenTakesNamesInAllFormsOfUnicode(t *testing.T) {
	const nfc, nfd = "caf\u00e9", "cafe\u0301"
	files := func(inTrain, inTest string) map[string][]byte {
		return map[string][]byte{
			"train/" + inTrain + "/1.png": greyPNG(t, 1, 1, 0), "train/cafy/1.png": greyPNG(t, 1, 1, 1), "train/zoo/1.png": greyPNG(t, 1, 1, 2),
			"test/" + inTest + "/1.png": greyPNG(t, 1, 1, 0), "test/zoo/1.png": greyPNG(t, 1, 1, 2),
		}
	}
	var sums []string
	for _, names := range [][2]string{{nfc, nfc}, {nfd, nfd}, {nfc, nfd}, {nfd, nfc}} {
		set := must(Open(folderOf(t, "x", files(names[0], names[1]))))(t)
		if want := (ClassNames{"cafy", nfc, "zoo"}); !slices.Equal(set.ClassNames, want) {
			t.Errorf("%+q: classes %+q, want %+q", names, set.ClassNames, want)
		}
		sums = append(sums, set.SHA256)
	}
	if len(slices.Compact(sums)) != 1 {
		t.Errorf("other sets by the form of a name: %q", sums)
	}
	pictures := files(nfc, nfc) // of two forms, which need not be the same
	pictures["train/zoo/"+nfc+".png"], pictures["train/zoo/"+nfd+".png"] = greyPNG(t, 1, 1, 3), greyPNG(t, 1, 1, 4)
	pictures["train/."+nfc+"/1.png"], pictures["train/."+nfd+"/1.png"] = greyPNG(t, 1, 1, 3), greyPNG(t, 1, 1, 4)
	if set := must(Open(folderOf(t, "x", pictures)))(t); set.Train.Len() != 5 {
		t.Errorf("%d pictures are read, want 5", set.Train.Len())
	}
	for _, part := range []string{"train", "test"} {
		both := files(nfc, nfc)
		both[part+"/"+nfd+"/2.png"] = greyPNG(t, 1, 1, 0)
		_, err := Open(folderOf(t, "x", both))
		wantError(t, err, "have the same name in two forms of Unicode", `"caf\u00e9"`, `"cafe\u0301"`)
	}
}
