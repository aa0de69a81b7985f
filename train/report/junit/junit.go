// Package junit writes results in the XML form of JUnit's reports, which GitLab, Jenkins and
// the actions of GitHub read.
package junit

import (
	"encoding/xml"
	"fmt"
	"time"
)

// Suites are all results of one command.
type Suites struct {
	Name   string
	Suites []Suite
}

// Suite is a group of test cases, with what else is known of it.
type Suite struct {
	Name       string
	Properties []Property
	Cases      []Case
	Time       time.Duration
}

// Property is one thing that is known of a suite.
type Property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// Case is one test. It has passed unless one of Failure, Error and Skipped is there.
type Case struct {
	Class, Name string
	Time        time.Duration
	Failure     *Message // it was run, and does not hold
	Error       *Message // it could not be run
	Skipped     *Message // it was left out
}

// Message says why a case has not passed: in a line, and at length.
type Message struct {
	Line string
	Text string // may be empty
}

// Encode gives the XML document. Characters that XML does not allow become U+FFFD.
func (s Suites) Encode() ([]byte, error) {
	doc := document{Name: s.Name}
	var total time.Duration
	for _, suite := range s.Suites {
		x := suite.xml()
		doc.counts.add(x.counts)
		total += suite.Time
		doc.Suites = append(doc.Suites, x)
	}
	doc.Time = seconds(total)
	b, err := xml.MarshalIndent(doc, "", "  ")
	return append([]byte(xml.Header), append(b, '\n')...), err
}

func (s Suite) xml() suite {
	x := suite{Name: s.Name, Time: seconds(s.Time)}
	if len(s.Properties) > 0 {
		x.Properties = &properties{s.Properties}
	}
	for _, c := range s.Cases {
		x.Tests++
		switch {
		case c.Error != nil:
			x.Errors++
		case c.Failure != nil:
			x.Failures++
		case c.Skipped != nil:
			x.Skipped++
		}
		x.Cases = append(x.Cases, testcase{Class: c.Class, Name: c.Name, Time: seconds(c.Time),
			Failure: c.Failure.xml("different"), Error: c.Error.xml("error"), Skipped: c.Skipped.xml("")})
	}
	return x
}

func (m *Message) xml(kind string) *message {
	if m == nil {
		return nil
	}
	return &message{m.Line, kind, m.Text}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.6f", d.Seconds()) }

type document struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	counts
	Time   string  `xml:"time,attr"`
	Suites []suite `xml:"testsuite"`
}

type suite struct {
	Name string `xml:"name,attr"`
	counts
	Time       string      `xml:"time,attr"`
	Properties *properties `xml:"properties"`
	Cases      []testcase  `xml:"testcase"`
}

type counts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

func (c *counts) add(more counts) {
	c.Tests += more.Tests
	c.Failures += more.Failures
	c.Errors += more.Errors
	c.Skipped += more.Skipped
}

type properties struct {
	Property []Property `xml:"property"`
}

type testcase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Time    string   `xml:"time,attr"`
	Failure *message `xml:"failure"`
	Error   *message `xml:"error"`
	Skipped *message `xml:"skipped"`
}

type message struct {
	Line string `xml:"message,attr"`
	Kind string `xml:"type,attr,omitempty"`
	Text string `xml:",chardata"`
}
