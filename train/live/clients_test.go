package live

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// settled waits until there are at most n goroutines, and gives their number.
func settled(n int) int {
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > n && time.Now().Before(end); {
		time.Sleep(2 * time.Millisecond)
	}
	return runtime.NumGoroutine()
}

// listener is a client that has asked for the events.
func listener(t *testing.T, s *Server) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address(s.port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	fmt.Fprintf(c, "GET /events HTTP/1.1\r\nHost: %s\r\n\r\n", address(s.port))
	return c
}

func status(t *testing.T, c net.Conn) int {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(5 * time.Second))
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode
}

// A client that never reads holds up nobody: parts are published as fast as ever, others get
// them, and the client is cut off.
func TestAClientThatNeverReads(t *testing.T) {
	before := runtime.NumGoroutine()
	wait := quick
	wait.write = time.Second // in which the other client reads on any machine
	s := newServer(t, wait)
	s.hub.publish(&part{name: "x", value: "first"})
	deaf := listener(t, s)
	deaf.(*net.TCPConn).SetReadBuffer(4096)
	good := listener(t, s)
	lines := bufio.NewScanner(good)
	lines.Buffer(nil, 1<<21)
	waitFor(t, lines, `data: "first"`)
	joined(t, s, 2)
	big := strings.Repeat("x", 1<<20)
	done := make(chan struct{})
	go func() { // a busy machine skips parts, so it takes some time until the deaf client's buffers are full
		defer close(done)
		for end := time.Now().Add(20 * time.Second); streams(s) > 1 && time.Now().Before(end); time.Sleep(time.Millisecond) {
			s.hub.publish(&part{name: "x", value: big})
		}
		s.hub.publish(&part{name: "x", value: "last"})
	}()
	waitFor(t, lines, `data: "last"`)
	<-done
	joined(t, s, 1) // the deaf client has been cut off
	if err := s.Close(nil); err != nil {
		t.Error(err)
	}
	deaf.Close()
	good.Close()
	if n := settled(before); n > before {
		t.Errorf("%d goroutines, before %d", n, before)
	}
}

// joined waits until n clients get the events.
func joined(t *testing.T, s *Server, n int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); streams(s) != n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d clients get the events, want %d", streams(s), n)
		}
	}
}

func streams(s *Server) int {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	return s.hub.streams
}

func waitFor(t *testing.T, lines *bufio.Scanner, want string) {
	t.Helper()
	for lines.Scan() {
		if lines.Text() == want {
			return
		}
	}
	t.Fatalf("the stream ended without %q: %v", want, lines.Err())
}

// A stream goes on when the time for its request is over, with beats when nothing changes.
func TestAStreamOutlivesItsRequest(t *testing.T) {
	s := newServer(t, quick)
	c := listener(t, s)
	lines := bufio.NewScanner(c)
	for began := time.Now(); time.Since(began) < 3*quick.read; {
		waitFor(t, lines, "event: beat")
	}
	if err := s.Close(nil); err != nil {
		t.Error(err)
	}
	waitFor(t, lines, "event: end")
	for lines.Scan() { // to the end of the connection
	}
	if err := lines.Err(); err != nil {
		t.Error(err)
	}
}

// There are so many streams and connections at most, and room again when some have ended.
func TestManyConnections(t *testing.T) {
	s := newServer(t, patient)
	var open []net.Conn
	for range maxStreams {
		c := listener(t, s)
		if code := status(t, c); code != http.StatusOK {
			t.Fatalf("stream %d: %d", len(open), code)
		}
		open = append(open, c)
	}
	over := listener(t, s)
	if code := status(t, over); code != http.StatusServiceUnavailable {
		t.Errorf("a stream too many: %d", code)
	}
	open = append(open, over)
	for len(open) < maxConnections { // that send nothing
		c, err := net.Dial("tcp", address(s.port))
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
	}
	c, err := net.Dial("tcp", address(s.port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("a connection too many: %v, want it closed", err)
	}
	for _, c := range open {
		c.Close()
	}
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		r, err := http.Get(s.URL())
		if err == nil && r.StatusCode == http.StatusOK {
			r.Body.Close()
			break
		}
		if time.Now().After(end) {
			t.Fatalf("no room after the others are gone: %v", err)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// Closing does not wait for clients that have sent no request or half of one.
func TestCloseDoesNotWait(t *testing.T) {
	before := runtime.NumGoroutine()
	s := newServer(t, patient)
	for _, text := range []string{"", "GET / HTTP/1.1\r\nHost: "} {
		c, err := net.Dial("tcp", address(s.port))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		io.WriteString(c, text)
	}
	listener(t, s)
	s.wait.close = 20 * time.Millisecond
	if err := s.Close(errors.New("the disk is full")); err != nil {
		t.Error(err)
	}
	if n := settled(before); n > before {
		t.Errorf("%d goroutines, before %d", n, before)
	}
	if r, err := http.Get(s.URL()); err == nil {
		r.Body.Close()
		t.Error("the page is still served")
	}
	if err := s.Close(nil); err != nil {
		t.Errorf("closed again: %v", err)
	}
}
