package tensorboard

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// maxRecord is the largest record that is read, in bytes: pictures are less than a hundredth.
const maxRecord = 256 << 20

// Sizes of what stands around the data of a record.
const (
	headerSize = 8 + 4 // length, its checksum
	footerSize = 4     // checksum of the data
)

// appendRecord frames data as a TFRecord: its length, the checksum of the length, data, and the
// checksum of data, all little-endian (tensorflow/core/lib/io/record_writer.h).
func appendRecord(b, data []byte) []byte {
	at := len(b)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(data)))
	b = binary.LittleEndian.AppendUint32(b, checksum(b[at:]))
	b = append(b, data...)
	return binary.LittleEndian.AppendUint32(b, checksum(data))
}

// checksum is the CRC-32C of data, masked as TFRecords mask it, so that the checksum of data
// that has checksums in it is still a good one.
func checksum(data []byte) uint32 {
	crc := crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)) // made once
	return (crc>>15 | crc<<17) + 0xa282ead8
}

// errRecord is what becomes of a record that is cut off or damaged.
var errRecord = errors.New("the record is cut off or damaged")

// readRecord reads the data of the next record. The error is io.EOF if there is none. buf is used
// again, and grows with what is there, not with the length that the file declares.
func readRecord(r io.Reader, buf *bytes.Buffer) ([]byte, error) {
	var header [headerSize]byte
	if n, err := io.ReadFull(r, header[:]); n == 0 && err == io.EOF {
		return nil, io.EOF
	} else if err != nil {
		return nil, cutOff(err)
	}
	size := binary.LittleEndian.Uint64(header[:8])
	if binary.LittleEndian.Uint32(header[8:]) != checksum(header[:8]) || size > maxRecord {
		return nil, errRecord
	}
	buf.Reset()
	if _, err := io.CopyN(buf, r, int64(size)+footerSize); err != nil {
		return nil, cutOff(err)
	}
	data, footer := buf.Bytes()[:size], buf.Bytes()[size:]
	if binary.LittleEndian.Uint32(footer) != checksum(data) {
		return nil, errRecord
	}
	return data, nil
}

// cutOff is the error of a record that could not be read to its end.
func cutOff(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errRecord
	}
	return err
}
