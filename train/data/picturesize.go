package data

// PictureSize is the height and width of a PNG or JPEG file, by its header. At most MaxPixels
// are read.
func PictureSize(path string) (height, width int, err error) {
	info, err := readPictureInfo(path, MaxPixels)
	return info.height, info.width, err
}
