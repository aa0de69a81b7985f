// Command gonn trains, inspects, exports, imports and compares small convolutional
// networks.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

func main() {
	code := execute(context.Background(), os.Args, os.Stdout, os.Stderr)
	if err := os.Stdout.Close(); err != nil && code == 0 { // network file systems report a full disk only now
		fmt.Fprintln(os.Stderr, "gonn: "+message(err))
		code = exitUsage // trouble for compare too
	}
	os.Exit(code)
}

// Exit codes. compare uses them as cmp(1) does: 0 equal, 1 different, 2 trouble.
const (
	exitFailed = 1
	exitUsage  = 2
)

// exitError is an error with the exit code that it asks for.
type exitError struct {
	error
	code int
}

func (e exitError) Unwrap() error { return e.error }

// usage makes an error about how the command was typed.
func usage(format string, args ...any) error {
	return exitError{fmt.Errorf(format, args...), exitUsage}
}

// execute is main without the process: it returns the exit code.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := &checkedWriter{w: stdout}
	err := runApp(ctx, args, out, stderr)
	if err == nil {
		err = out.err
	}
	if err == nil {
		return 0
	}
	code := exitFailed
	var e exitError
	if errors.As(err, &e) {
		code = e.code
	}
	if msg := message(err); msg != "" {
		fmt.Fprintln(stderr, "gonn: "+msg)
	}
	return code
}

// message is an error's text, in which errors of the system do not name its calls: "a.png: no
// such file or directory" for "stat a.png: no such file or directory".
func message(err error) string {
	text := err.Error()
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		text = strings.Replace(text, e.Error(), e.Path+": "+e.Err.Error(), 1)
		text = strings.Replace(text, e.Path+": "+e.Path+": ", e.Path+": ", 1)
	}
	return printable(text)
}

// printable is text that may hold names of a file, as a terminal may show it, line by line.
func printable(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = table.Printable(line)
	}
	return strings.Join(lines, "\n")
}

func runApp(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if _, err := nn.Backend(); err != nil {
		return usage("%w", err)
	}
	app := newApp(stdout, stderr)
	if !completes(args) {
		args = flagsFirst(app, args)
		if err := checkOnce(app, args); err != nil {
			return err
		}
	}
	return app.RunContext(ctx, args)
}
