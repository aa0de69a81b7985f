package strictjson

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

type inner struct {
	Name string  `json:"name"`
	Rate float64 `json:"rate,omitempty"`
}

type sample struct {
	inner2
	N       int               `json:"n"`
	Small   uint8             `json:"small"`
	On      bool              `json:"on"`
	List    []inner           `json:"list"`
	Pair    [2]int            `json:"pair"`
	Table   map[string]string `json:"table"`
	More    *inner            `json:"more"`
	Began   time.Time         `json:"began"`
	Other   any               `json:"other"`
	private int
}

type inner2 struct {
	Deep string `json:"deep"`
}

func TestDecode(t *testing.T) {
	var got sample
	text := `{"n": -3, "small": 255, "on": true, "list": [{"name": "a\"}]", "rate": 1e-3}, {}], "pair": [4, 5],
		"table": {"ü": "", "{": "\u00e9"}, "more": {"name": "b"}, "began": "2024-01-02T03:04:05Z", "other": [1, {"x": null}]}`
	want := sample{N: -3, Small: 255, On: true, List: []inner{{`a"}]`, 1e-3}, {}}, Pair: [2]int{4, 5},
		Table: map[string]string{"ü": "", "{": "é"}, More: &inner{Name: "b"},
		Began: time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), Other: []any{1.0, map[string]any{"x": nil}}, private: 0}
	if err := Decode([]byte(text), &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v and error %v, want %+v", got, err, want)
	}
	got = sample{}
	if err := Decode([]byte(`{"list": null, "table": null, "more": null, "other": null}`), &got); err != nil || !reflect.DeepEqual(got, sample{}) {
		t.Errorf("null: got %+v and error %v", got, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                               "the file ends within the JSON text",
		`{"n": 1`:                        "the file ends within the JSON text",
		"{\n\"n\": x}":                   "line 2: invalid character 'x'",
		`{} {}`:                          "line 1: there is more after the end",
		`[]`:                             "line 1: the file cannot be a JSON array",
		`null`:                           "the file cannot be a JSON null",
		`{"N": 1}`:                       `unknown field "N"`,
		"{\"n\": 1,\n\n\"n\": 1}":        `line 3: field "n" is there twice`,
		`{"table": {"a": "", "a": ""}}`:  `field "a" is there twice`,
		`{"\u006e": 1, "n": 1}`:          `field "n" is there twice`,
		`{"n": null}`:                    "n cannot be a JSON null",
		`{"n": 1.5}`:                     "n cannot be a JSON number 1.5",
		`{"small": 256}`:                 "small cannot be a JSON number 256",
		`{"small": -1}`:                  "small cannot be a JSON number -1",
		`{"on": 1}`:                      "on cannot be a JSON number",
		`{"list": {}}`:                   "list cannot be a JSON object",
		`{"list": [{"name": 3}]}`:        "list.name cannot be a JSON number",
		`{"list": [{"rate": 1e999}]}`:    "list.rate cannot be a JSON number 1e999",
		`{"list": [null]}`:               "list cannot be a JSON null",
		`{"pair": [1]}`:                  "pair has 1 values, need 2",
		`{"pair": [1, 2, 3]}`:            "pair has 3 values, need 2",
		`{"private": 1}`:                 `unknown field "private"`,
		`{"began": "yesterday"}`:         "yesterday",
		"{\"deep\": \"\xff\"}":           "not UTF-8",
		`{"other": ` + deep(MaxNesting):  "brackets stand more than 16 deep",
		`{"other": ` + deep(100_000):     "exceeded max depth",
		`{"table": {"a": ["b"]}}`:        "table.a cannot be a JSON array",
		`{"more": {"name": "a", "x":1}}`: `unknown field "x"`,
	} {
		err := Decode([]byte(text), new(sample))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: error %v, want %q", text, err, want)
		}
	}
	if err := Decode([]byte(`{"other": `+deep(MaxNesting-1)), new(sample)); err != nil {
		t.Errorf("nested as deep as may be: %v", err)
	}
}

// deep is a value of n brackets inside each other, and the end of the object around it.
func deep(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) + "}" }

// The smallest parts of a text that become something in memory.
func TestSmallPartsDoNotTakeMuchMemory(t *testing.T) {
	for name, c := range map[string]struct{ open, part, end string }{
		"elements": {`{"list": [{}`, `,{}`, `]}`},
		"any":      {`{"other": [0`, `,0`, `]}`},
		"entries":  {`{"table": {"": ""`, `,"#": ""`, `}}`},
	} {
		text := func(n int) []byte {
			var b strings.Builder
			b.WriteString(c.open)
			for i := range n {
				b.WriteString(strings.Replace(c.part, "#", strconv.Itoa(i), 1))
			}
			return []byte(b.String() + c.end)
		}
		if err := Decode(text(1000), new(sample)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		err := Decode(text(1<<20), new(sample))
		if err == nil || !strings.Contains(err.Error(), "far more memory") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestMembers(t *testing.T) {
	members, err := Members([]byte(` { "a" : [1, "]", {"b": 2}] ,"c\n":-1e3, "a": {} } `))
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for name, text := range members {
		got += fmt.Sprintf("%q=%s;", name, text)
	}
	if want := `"a"=[1, "]", {"b": 2}];"c\n"=-1e3;"a"={};`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for text, want := range map[string]string{`[]`: "cannot be a JSON array", `{`: "ends within", `null`: "cannot be a JSON null"} {
		if _, err := Members([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}
