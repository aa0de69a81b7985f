package main

import (
	"net"
	"os"
	"regexp"
	"strings"
	"testing"
)

// With --watch the address is told beside the report, and nobody listens there in the end; a
// port that is taken is an error before a run is made.
func TestWatchedTraining(t *testing.T) {
	t.Chdir(t.TempDir())
	out, stderr, code := gonn("train", "--watch", "--json", "--net", "mlp", "--limit", "200", "--epochs", "1")
	m := regexp.MustCompile(`watch it on http://(127\.0\.0\.1:\d+)/\n`).FindStringSubmatch(stderr)
	if code != 0 || m == nil || !strings.HasPrefix(out, "{") {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	if c, err := net.Dial("tcp", m[1]); err == nil {
		c.Close()
		t.Errorf("%s is still served", m[1])
	}
	if err := os.RemoveAll("runs"); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if _, stderr, code := gonn("train", "--watch="+port, "--net", "mlp", "--limit", "200"); code != 1 || !strings.Contains(stderr, "--watch="+port+": ") || !strings.Contains(stderr, "choose another port") {
		t.Errorf("a port that is taken: exit %d: %s", code, stderr)
	}
	if _, err := os.Stat("runs"); err == nil {
		t.Error("a run was made though nothing was trained")
	}
}
