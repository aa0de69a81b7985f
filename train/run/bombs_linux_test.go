package run

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
)

// smallParts makes texts of a size from many small parts.
type smallParts int

func (size smallParts) repeat(open, part, end string) []byte {
	return []byte(open + strings.Repeat(part, int(size)/len(part)) + end)
}

func (size smallParts) numbered(open, part, end string) []byte {
	b := bytes.NewBufferString(open)
	for i := 0; b.Len() < int(size); i++ {
		fmt.Fprintf(b, part, i)
	}
	return append(b.Bytes(), end...)
}

// records are texts of run.json of many small parts, and settings for themselves.
func (size smallParts) records() map[string][]byte {
	const head = `{"schema":3,"settings":{},"files":{"state.safetensors":{},"model.onnx":{}`
	seal := func(b []byte) []byte { // its checksum is right
		b = append(b, `,"sha256": "`...)
		return append(append(b, sumOf(b).SHA256...), ending...)
	}
	return map[string][]byte{
		"sessions":        size.repeat(`{"settings":{},"sessions":[{}`, ",{}", `],"bad":1}`),
		"frozen":          size.repeat(`{"settings":{},"frozen":[""`, `,""`, `],"bad":1}`),
		"unknown":         size.numbered(`{"settings":{}`, `,"%x":0`, `}`),
		"nested":          size.repeat(`{"settings":`, "[", ""),
		"text":            size.repeat(`{"settings":{"act":"`, `\u00e9`, `"},"bad":1}`),
		"spaces":          size.repeat(`{"settings":{}`, " ", `,"bad":1}`),
		"bare":            size.numbered(`{"act":"relu"`, `,"%x":{}`, `}`),
		"sealed files":    seal(size.numbered(head, `,"%x":{}`, `}`)),
		"sealed sessions": seal(size.repeat(head+`},"sessions":[{}`, ",{}", "]")),
		"sealed history":  seal(size.repeat(head+`},"history":[{}`, ",{}", "]")),
		"sealed epochs":   seal(size.repeat(head+`},"history":[{"epoch":1}`, `,{"epoch":1,"loss":1,"accuracy":1,"validated":true,"val_loss":1,"val_accuracy":1}`, "]")),
		"sealed series":   seal(size.numbered(head+`},"history":[{"epoch":1`, `,"%x":1`, "}]")),
		"sealed text":     seal(size.repeat(head+`},"history":[{"epoch":1,"`, `\u00e9`, `":1}]`)),
	}
}

// Files of many small parts, each of which would become something much larger in memory.
func TestBombsOfRunsAreRefused(t *testing.T) {
	good, old := trained(t)
	size := smallParts(hostiletest.Number(3_000_000, 30_000_000))
	state := func(header []byte) []byte {
		return append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
	}
	short := func(b []byte) []byte { return append(b[:2_900_000:2_900_000], b[len(b)-2:]...) } // below the limit of headers
	table := "epoch,loss,accuracy\n"
	paths := runs(t, old, map[string]map[string][]byte{metricsFile: {
		"one column":  size.repeat("", "a\n", ""),
		"rows":        size.repeat(table, "1,1,1\n", ""),
		"empty lines": size.repeat(table, "\n", "x"),
		"commas":      size.repeat("", ",", ""),
		"a quotation": size.repeat(table+`"`, "\n", ""),
	}})
	root := t.TempDir()
	add := func(name string, files map[string]string) {
		writeAll(t, filepath.Join(root, name), files)
		paths = append(paths, filepath.Join(root, name))
	}
	for file, bombs := range map[string]map[string][]byte{
		stateFile: {
			"tensors":  state(size.numbered(`{"":{}`, `,"%08x":{}`, `}`)),
			"entries":  state(short(size.numbered(`{`, `"%08x":{"dtype":"F32","shape":[1],"data_offsets":[0,0]},`, `}}`))),
			"metadata": state(short(size.numbered(`{"__metadata__":{"":""`, `,"%x":""`, `}}`))),
			"shape":    state(short(size.repeat(`{"a":{"dtype":"F32","data_offsets":[0,4],"shape":[1`, ",1", `]}}`))),
			"nested":   state(short(size.repeat(`{"a":`, "[", ""))),
		},
		modelFile: {"zeros": size.repeat("", "\x00", ""), "nodes": size.repeat("\x08\x08", "\x3a\x02\x0a\x00", "")},
	} {
		for name, b := range bombs {
			add(file+" "+name, forged(t, good, file, b))
		}
	}
	for name, b := range size.records() {
		add(recordFile+" "+name, map[string]string{recordFile: string(b)})
		if path := filepath.Join(root, name+".json"); !strings.HasPrefix(name, "sealed") {
			write(t, path, string(b))
			paths = append(paths, path)
		}
	}
	add("x.latest", map[string]string{latestFile: string(size.repeat("", "a/", ""))})
	var results []hostiletest.Result
	for _, path := range paths {
		r := hostiletest.ReadPaths(t, []string{path})
		if r[0].Accepted {
			t.Errorf("%s is accepted", path)
		}
		results = append(results, r...)
	}
	hostiletest.Report(t, "run folders, of small parts", results)
}
