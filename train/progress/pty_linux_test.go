package progress

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// openTerminal gives a pseudo-terminal with a width.
func openTerminal(t *testing.T, columns uint16) *os.File {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Skip(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Skip(err)
	}
	f, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := unix.IoctlSetWinsize(int(f.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTerminalsGetABarUnlessPlainTextIsAskedFor(t *testing.T) {
	for _, c := range []struct {
		columns       uint16
		term, noColor string
		bar           bool
	}{
		{80, "xterm", "", true}, {75, "xterm", "", true}, {74, "xterm", "", false},
		{80, "dumb", "", false}, {80, "xterm", "1", false},
	} {
		t.Setenv("TERM", c.term)
		t.Setenv("NO_COLOR", c.noColor)
		f := openTerminal(t, c.columns)
		live := New(f).(*reporter).live
		b, isBar := live.(*bar)
		if isBar != c.bar {
			t.Errorf("%+v: got a %T", c, live)
		}
		if isBar && b.columns() != int(c.columns) {
			t.Errorf("%+v: the bar takes the terminal to have %d columns", c, b.columns())
		}
	}
}
