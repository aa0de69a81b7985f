package data

// What a reader accepts. Every limit is checked before memory is taken for
// what it bounds.
const (
	// MaxBytes is the largest file, and the most that the arrays of one file
	// may hold after decompression.
	MaxBytes = 1 << 30

	// MaxRank is the largest number of axes of an array.
	MaxRank = 8

	// MaxArrays is the largest number of arrays in a .npz file.
	MaxArrays = 100_000

	// maxEntries is the largest number of arrays of an NPZ, which are read one by one.
	maxEntries = 1 << 22

	// MaxName is the longest name of an array, in bytes.
	MaxName = 4 << 10

	// MaxPixels is the largest picture, width × height, that LoadImages decodes
	// and Montage draws.
	MaxPixels = 64 << 20

	// MaxSide is the largest width or height of a picture. Resizing keeps one
	// row of 32-byte sums for every row of the source, so a picture of one
	// column and 64 million rows would cost gigabytes.
	MaxSide = 16 << 10

	// MaxClasses is the largest number of classes of a set that is read.
	MaxClasses = 1 << 16

	// MaxSetPixels is the largest picture, width × height, in a folder of
	// pictures by class: a decoder takes memory for the size that a file
	// declares, and networks that train here look at small ones.
	MaxSetPixels = 1 << 20

	// maxNames is the longest file of class names, in bytes.
	maxNames = 1 << 20

	// maxHeader is the longest text header of a .npy array; NumPy's own are
	// about 128 bytes.
	maxHeader = 16 << 10
)

// keepBudget bounds the memory that a reader may take before it knows that a
// compressed file is sound: twice its size and a bit. A file that
// inflates to more is walked once, keeping nothing, and only then read.
func keepBudget(fileSize int64) int64 { return 2*fileSize + 32<<20 }

// inflatable bounds what a compressed file of pictures is inflated to, and with it the time
// that it takes to see that one is damaged. Drawings of few strokes inflate to seventy
// times their size, and small files of anything to more.
func inflatable(fileSize int64) int64 { return 100*fileSize + 64<<20 }

// checkedFrom is the size of decoded pictures from which they are checked to their ends
// first, which is faster than decoding and takes no memory.
const checkedFrom = 4 << 20

// jpegBudget bounds the memory in which a JPEG is decoded, besides the file. Photographs of
// twelve megapixels take less, unless they are progressive.
func jpegBudget(fileSize int64) int64 { return 2*fileSize + 40<<20 }

// product is the number of elements of an array, at most MaxBytes; ok is false
// if a dimension is negative or the product is larger.
func product(dims []int) (n int64, ok bool) {
	n = 1
	for _, d := range dims {
		if d < 0 {
			return 0, false
		}
		if d == 0 {
			return 0, true
		}
	}
	for _, d := range dims {
		if int64(d) > MaxBytes/n {
			return 0, false
		}
		n *= int64(d)
	}
	return n, true
}
