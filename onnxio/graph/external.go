package graph

import (
	"crypto/sha1" // ONNX's checksum is a SHA-1
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// externalRef says where a tensor's data lies outside the model file.
type externalRef struct {
	location string // slash-separated path from the model's folder
	offset   int64
	length   int64 // −1 if not given
	checksum string
}

// externalRef reads the external_data entries of the tensor f.
func (d *decoder) externalRef(f *fields) (externalRef, error) {
	ref := externalRef{length: -1}
	seen := make([]string, 0, 4)
	for _, b := range f.values(13) {
		entry := d.scan(&entryProto, b)
		key, value := entry.name(1), entry.name(2)
		var err error
		switch key {
		case "location":
			ref.location = value
		case "offset":
			ref.offset, err = parseSize(value)
		case "length":
			ref.length, err = parseSize(value)
		case "checksum":
			ref.checksum = value
		default:
			err = errors.New("the key is not known")
		}
		if slices.Contains(seen, key) {
			err = errors.New("the key is there twice")
		}
		seen = append(seen, key)
		entry.fail(err)
		if entry.err != nil {
			return externalRef{}, fmt.Errorf("external_data %q: %w", key, entry.err)
		}
	}
	if ref.location == "" {
		return externalRef{}, errors.New("external_data: the location is missing")
	}
	return ref, nil
}

// check makes sure that the size bytes of a tensor are in a file of end bytes.
func (ref externalRef) check(size, end int64) error {
	if ref.length >= 0 && ref.length != size {
		return fmt.Errorf("length is %d, but the tensor's dims need %d bytes", ref.length, size)
	}
	if ref.offset > end || size > end-ref.offset {
		return fmt.Errorf("%d bytes at offset %d are beyond the end of the file, which has %d", size, ref.offset, end)
	}
	return nil
}

// checkSum makes sure that the file whose SHA-1 is sum is the one that is meant.
func (ref externalRef) checkSum(sum string) error {
	if ref.checksum != "" && !strings.EqualFold(sum, ref.checksum) {
		return fmt.Errorf("the file's SHA-1 is %s, the model says %s: it is not the file that the model was written with", sum, ref.checksum)
	}
	return nil
}

func parseSize(s string) (int64, error) {
	v, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number of bytes", s)
	}
	return int64(v), nil
}

// folder reads external data from the folder of a model. No path leads out of
// it (os.Root), and nothing but plain files is opened: no links, which could show
// other files of the user, no pipes or devices, which could block.
type folder struct {
	root  *os.Root
	files map[string]*dataFile // by cleaned location
	total int64                // bytes loaded
}

// dataFile is what is known of a file that has been opened before.
type dataFile struct {
	info   os.FileInfo
	ranges map[[2]int64][]byte // loaded, by offset and length
	loaded int64
	sum    string // SHA-1 in hex, once computed
}

func openFolder(dir string) (*folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &folder{root: root, files: map[string]*dataFile{}}, nil
}

// load reads the size bytes that ref points to. Tensors with the same range
// share it; ranges that overlap otherwise are refused, for a small file could
// claim them a thousand times.
func (dir *folder) load(ref externalRef, size int64) ([]byte, error) {
	f, data, err := dir.open(ref.location)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := ref.check(size, data.info.Size()); err != nil {
		return nil, err
	}
	if ref.checksum != "" {
		if err := data.verify(f, ref); err != nil {
			return nil, err
		}
	}
	key := [2]int64{ref.offset, size}
	if b, ok := data.ranges[key]; ok {
		return b, nil
	}
	data.loaded += size
	dir.total += size
	if data.loaded > data.info.Size() {
		return nil, errors.New("the tensors' ranges in this file overlap")
	}
	if dir.total > MaxExternalSize {
		return nil, fmt.Errorf("the model has more than %d bytes of external data", MaxExternalSize)
	}
	b := make([]byte, size)
	if _, err := f.ReadAt(b, ref.offset); err != nil {
		return nil, fmt.Errorf("%d bytes at offset %d cannot be read: %w", size, ref.offset, bare(err))
	}
	data.ranges[key] = b
	return b, nil
}

// open opens the file at location after walking to it without links.
func (dir *folder) open(location string) (*os.File, *dataFile, error) {
	looked, err := dir.look(location)
	if err != nil {
		return nil, nil, err
	}
	return dir.openLooked(location, looked)
}

// openLooked opens the file at location and makes sure that what was opened is
// what was looked at.
func (dir *folder) openLooked(location string, looked os.FileInfo) (*os.File, *dataFile, error) {
	f, err := dir.root.OpenFile(filepath.FromSlash(location), os.O_RDONLY|nonblock|largeFile, 0)
	if err != nil {
		return nil, nil, bare(err)
	}
	info, err := f.Stat()
	key := path.Clean(location)
	data := dir.files[key]
	switch {
	case err != nil:
		err = bare(err)
	case !info.Mode().IsRegular():
		err = errors.New("it is not a regular file")
	case !os.SameFile(looked, info), data != nil && !os.SameFile(data.info, info):
		err = errors.New("the file was exchanged while it was read")
	case links(info) != 1:
		err = fmt.Errorf("the file has %d hard links, it must have one: copy it", links(info))
	case data == nil:
		data = &dataFile{info: info, ranges: map[[2]int64][]byte{}}
		dir.files[key] = data
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, data, nil
}

// look walks to the file at location and refuses everything on the way that is
// not a plain folder.
func (dir *folder) look(location string) (os.FileInfo, error) {
	local := filepath.IsLocal(filepath.FromSlash(location)) && !strings.ContainsAny(location, "\\\x00")
	elements := strings.Split(location, "/")
	for _, e := range elements {
		local = local && e != ".."
	}
	if !local {
		return nil, errors.New("the location must be a path inside the model's folder, with / and without a .. in it")
	}
	for i := range elements {
		at := path.Join(elements[:i+1]...)
		info, err := dir.root.Lstat(filepath.FromSlash(at))
		switch last := i == len(elements)-1; {
		case err != nil:
			return nil, bare(err)
		case info.Mode()&fs.ModeSymlink != 0:
			return nil, fmt.Errorf("%q is a symbolic link, which is not followed: put the file itself there", at)
		case last && !info.Mode().IsRegular():
			return nil, errors.New("it is not a regular file")
		case last:
			return info, nil
		case !info.IsDir():
			return nil, fmt.Errorf("%q is not a folder", at)
		}
	}
	return nil, errors.New("the location is empty")
}

// verify compares the SHA-1 of the whole file with the one that ref has.
func (data *dataFile) verify(f *os.File, ref externalRef) error {
	if data.sum == "" {
		if data.info.Size() > MaxExternalSize {
			return fmt.Errorf("the file has %d bytes, at most %d are allowed", data.info.Size(), MaxExternalSize)
		}
		h := sha1.New()
		if _, err := io.Copy(h, io.NewSectionReader(f, 0, data.info.Size())); err != nil {
			return bare(err)
		}
		data.sum = hex.EncodeToString(h.Sum(nil))
	}
	return ref.checkSum(data.sum)
}

// bare takes the path out of an error of package os: ours names it already.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
