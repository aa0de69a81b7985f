package tensorboard

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/gonn-toolkit/gonn/train"
)

// cut removes from the event files of a folder what is not of the training up to a position: the
// events of later epochs, what a session has said at its end, and records that are damaged or
// cut off, with all that follows in the file. Files in which nothing is left go; at the
// beginning of a training these are all. It returns what is left.
func cut(dir string, at train.Position) (left rest, err error) {
	left.last = -1
	names, err := eventFiles(dir)
	if err != nil {
		return left, err
	}
	for _, name := range names {
		path := filepath.Join(dir, name)
		if at == (train.Position{}) {
			if err := os.Remove(path); err != nil {
				return left, err
			}
			continue
		}
		r, err := cutFile(path, at.Epoch)
		if err == nil && r.last < 0 {
			err = os.Remove(path) // which is closed: Windows removes no other
		}
		if err != nil {
			return left, err
		}
		left.last = max(left.last, r.last)
		if r.settings != nil {
			left.settings = r.settings
		}
	}
	return left, nil
}

// rest is what event files still say of a training.
type rest struct {
	size     int64  // of their records in bytes
	last     int    // the last epoch that an event is of, -1 if none says anything of the training
	settings []byte // the last value of the settings; nil if there is none
}

// cutFile is cut for one file, but that it does not remove it.
func cutFile(path string, epoch int) (r rest, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return r, err
	}
	r, err = scan(bufio.NewReader(f), epoch)
	if err != nil || r.last < 0 || r.size == info.Size() {
		return r, err
	}
	if err := f.Truncate(r.size); err != nil {
		return r, err
	}
	return r, f.Sync()
}

// scan reads events as far as cut keeps them.
func scan(from io.Reader, epoch int) (r rest, err error) {
	r.last = -1
	var buf bytes.Buffer
	for {
		data, err := readRecord(from, &buf)
		if errors.Is(err, io.EOF) || errors.Is(err, errRecord) {
			return r, nil
		}
		if err != nil {
			return rest{last: -1}, err
		}
		e, ok := parseEvent(data)
		if !ok || e.step < 0 || e.step > int64(epoch) || e.tag == sessionEndTag {
			return r, nil
		}
		if e.tells {
			r.last = max(r.last, int(e.step))
		}
		if e.tag == settingsTag {
			r.settings = bytes.Clone(e.value)
		}
		r.size += int64(headerSize + len(data) + footerSize)
	}
}

// parsed is what cut wants to know of an event.
type parsed struct {
	step  int64
	tag   string // of the first value, if it is a summary
	value []byte // that one, a part of the data
	tells bool   // something of the training: it is a summary or a graph
}

// parseEvent is false for what is no Event.
func parseEvent(data []byte) (e parsed, ok bool) {
	ok = fields(data, func(num fieldNumber, number uint64, content []byte) bool {
		switch num {
		case eventStep:
			e.step = int64(number)
		case eventGraph:
			e.tells = true
		case eventSummary:
			e.tells = true
			return fields(content, func(num fieldNumber, _ uint64, value []byte) bool {
				if num == summaryValue && e.tag == "" {
					e.value = value
				}
				return num != summaryValue || e.tag != "" || fields(value, func(num fieldNumber, _ uint64, s []byte) bool {
					if num == valueTag {
						e.tag = string(s)
					}
					return true
				})
			})
		}
		return true
	})
	return e, ok
}

// fields calls see with each field of a message: a number, or the content of a message, string or
// bytes. It is false if see is, or if that is no message.
func fields(b []byte, see func(num fieldNumber, number uint64, content []byte) bool) bool {
	for len(b) > 0 {
		num, wire, n := protowire.ConsumeTag(b)
		if n < 0 {
			return false
		}
		b = b[n:]
		if n = protowire.ConsumeFieldValue(num, wire, b); n < 0 {
			return false
		}
		var number uint64
		var content []byte
		switch wire {
		case protowire.VarintType:
			number, _ = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			content, _ = protowire.ConsumeBytes(b)
		}
		if !see(num, number, content) {
			return false
		}
		b = b[n:]
	}
	return true
}
