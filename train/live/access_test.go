package live

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// quick are timeouts that tests can wait for.
var quick = timeouts{read: 100 * time.Millisecond, write: 100 * time.Millisecond, idle: time.Second, beat: 50 * time.Millisecond, close: 100 * time.Millisecond}

func newServer(t *testing.T, wait timeouts) *Server {
	t.Helper()
	l, err := listen(0)
	if err != nil {
		t.Fatal(err)
	}
	s := serve(l, wait)
	t.Cleanup(func() { s.Close(nil) })
	return s
}

// ask sends a request as it is written, and reads the head of the answer.
func ask(t *testing.T, s *Server, request string) *http.Response {
	t.Helper()
	c, err := net.Dial("tcp", address(s.port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	return r
}

func TestWhoIsAnswered(t *testing.T) {
	s := newServer(t, patient)
	cases := 0
	for _, c := range []struct {
		line, host, more string // of a request; PORT stands for the server's
		want             int
	}{
		{"GET /", "127.0.0.1:PORT", "", 200},
		{"GET /?a=b", "localhost:PORT", "", 200},
		{"HEAD /", "[::1]:PORT", "", 200},
		{"HEAD /events", "127.0.0.1:PORT", "", 200},
		{"GET /", "127.0.0.1:PORT", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", 200},
		{"GET /events", "127.0.0.1:PORT", "Origin: http://127.0.0.1:PORT\r\nSec-Fetch-Site: same-origin\r\n", 200},

		// Names that a stranger's site may have for this machine.
		{"GET /", "example.com", "", 421},
		{"GET /", "example.com:PORT", "", 421},
		{"GET /", "127.0.0.1", "", 421},
		{"GET /", "127.0.0.1:1", "", 421},
		{"GET /", "127.0.0.1.example.com:PORT", "", 421},
		{"GET /", "localhost.:PORT", "", 421},
		{"GET /", "LOCALHOST.example.com:PORT", "", 421},
		{"GET /", "", "", 421},
		{"GET http://example.com/", "127.0.0.1:PORT", "", 421},
		{"HEAD /events", "example.com:PORT", "", 421},

		// Pages of other sites.
		{"GET /events", "127.0.0.1:PORT", "Origin: https://example.com\r\n", 403},
		{"GET /events", "127.0.0.1:PORT", "Origin: null\r\n", 403},
		{"GET /events", "127.0.0.1:PORT", "Sec-Fetch-Site: cross-site\r\n", 403},
		{"GET /events", "localhost:PORT", "Origin: http://127.0.0.1:PORT\r\n", 403},
		{"GET /", "127.0.0.1:PORT", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n", 403},
		{"GET /", "127.0.0.1:PORT", "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n", 403},

		{"POST /", "127.0.0.1:PORT", "Content-Length: 0\r\n", 405},
		{"PUT /events", "127.0.0.1:PORT", "Content-Length: 0\r\n", 405},
		{"DELETE /", "127.0.0.1:PORT", "", 405},
		{"OPTIONS *", "127.0.0.1:PORT", "", 405},
		{"TRACE /", "127.0.0.1:PORT", "", 405},
		{"FROB /", "127.0.0.1:PORT", "", 405},

		{"GET /../", "127.0.0.1:PORT", "", 404},
		{"GET /../../../etc/passwd", "127.0.0.1:PORT", "", 404},
		{"GET /%2e%2e/%2e%2e/etc/passwd", "127.0.0.1:PORT", "", 404},
		{"GET /..%2f..%2fetc%2fpasswd", "127.0.0.1:PORT", "", 404},
		{"GET /..\\..\\windows", "127.0.0.1:PORT", "", 404},
		{"GET //", "127.0.0.1:PORT", "", 404},
		{"GET /./events", "127.0.0.1:PORT", "", 404},
		{"GET /events/", "127.0.0.1:PORT", "", 404},
		{"GET /%65vents", "127.0.0.1:PORT", "", 404},
		{"GET /%00", "127.0.0.1:PORT", "", 404},
		{"GET /page/view.js", "127.0.0.1:PORT", "", 404},
		{"GET /favicon.ico", "127.0.0.1:PORT", "", 404},
		{"CONNECT 127.0.0.1:PORT", "127.0.0.1:PORT", "", 405},

		{"GET /", "127.0.0.1:PORT", "X: " + strings.Repeat("x", 64<<10) + "\r\n", 431},
		{"GET /", "127.0.0.1:PORT", "Host: example.com\r\n", 400},
	} {
		text := strings.ReplaceAll(fmt.Sprintf("%s HTTP/1.1\r\nHost: %s\r\n%s\r\n", c.line, c.host, c.more), "PORT", fmt.Sprint(s.port))
		r := ask(t, s, text)
		cases++
		if r.StatusCode != c.want {
			t.Errorf("%s of %q %.60q: %d, want %d", c.line, c.host, c.more, r.StatusCode, c.want)
		}
		if c.want == 400 || c.want == 431 {
			continue // refused before there is a request
		}
		for _, name := range []string{"Content-Security-Policy", "X-Frame-Options", "Cross-Origin-Resource-Policy"} {
			if r.Header.Get(name) == "" {
				t.Errorf("%s of %q: no header %s", c.line, c.host, name)
			}
		}
		if got := r.Header.Get("Cache-Control") + " " + r.Header.Get("X-Content-Type-Options"); got != "no-store nosniff" {
			t.Errorf("%s of %q: headers %q", c.line, c.host, got)
		}
		if got := r.Header.Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s of %q: other sites may read it: %q", c.line, c.host, got)
		}
	}
	t.Logf("promise S10: of %d requests (other hosts, sites, methods and paths) only those for the page and its events are answered", cases)
}

func TestListensOnLoopbackOnly(t *testing.T) {
	s := newServer(t, patient)
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	others := 0
	for _, a := range addrs {
		ip, ok := a.(*net.IPNet)
		if !ok || ip.IP.IsLoopback() || ip.IP.IsLinkLocalUnicast() {
			continue
		}
		others++
		if c, err := net.DialTimeout("tcp", net.JoinHostPort(ip.IP.String(), fmt.Sprint(s.port)), time.Second); err == nil {
			c.Close()
			t.Errorf("it also listens on %s", ip.IP)
		}
	}
	t.Logf("%d other addresses tried", others)
	if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") {
		t.Errorf("the page is on %s", s.URL())
	}
}

func TestPorts(t *testing.T) {
	s := newServer(t, patient)
	if _, err := Listen(s.port); err == nil {
		t.Errorf("port %d is taken twice", s.port)
	}
	for _, port := range []int{-1, 65536} {
		if _, err := Listen(port); err == nil || !strings.Contains(err.Error(), "need a number from 1 to 65535") {
			t.Errorf("port %d: %v", port, err)
		}
	}
	a, err := Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close(nil)
	b, err := Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close(nil)
	if a.port == b.port {
		t.Errorf("two servers have port %d", a.port)
	}
}
