package data

// PictureSize is the height and width of a PNG or JPEG file, by its header.
func PictureSize(path string) (height, width int, err error) {
	info, err := readPictureInfo(path, MaxSetPixels)
	return info.height, info.width, err
}
