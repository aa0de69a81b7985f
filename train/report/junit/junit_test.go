package junit

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"
)

// What was counted is what is there, and hostile names stay names.
func TestEncode(t *testing.T) {
	hostile := "a\"<b>&]]>\x00\x1b[31m"
	b, err := Suites{Name: "gonn compare", Suites: []Suite{
		{Name: hostile, Time: 1500 * time.Millisecond, Properties: []Property{{"answer", hostile}}, Cases: []Case{
			{Class: "m.layers", Name: hostile, Time: time.Millisecond},
			{Class: "m.layers", Name: "b", Failure: &Message{hostile, hostile}},
			{Class: "m.layers", Name: "c", Skipped: &Message{Line: "not recorded"}},
		}},
		{Name: "engine", Cases: []Case{{Name: "d", Error: &Message{Line: "no library"}}}},
	}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var doc document
	if err := xml.Unmarshal(b, &doc); err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	if want := (counts{Tests: 4, Failures: 1, Errors: 1, Skipped: 1}); doc.counts != want || doc.Time != "1.500000" {
		t.Errorf("counts %+v, time %s", doc.counts, doc.Time)
	}
	first := doc.Suites[0]
	clean := strings.Map(func(r rune) rune {
		if r == 0 || r == 0x1b {
			return '\ufffd'
		}
		return r
	}, hostile)
	if first.Name != clean || first.Cases[0].Name != clean || first.Cases[1].Failure.Text != clean || first.Properties.Property[0].Value != clean {
		t.Errorf("names were changed: %+v", first)
	}
	if c := first.Cases; c[0].Failure != nil || c[0].Skipped != nil || c[2].Skipped.Line != "not recorded" || doc.Suites[1].Cases[0].Error == nil {
		t.Errorf("cases: %+v", c)
	}
}
