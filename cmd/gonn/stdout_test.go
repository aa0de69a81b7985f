package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

var errFull = errors.New("no space left on device")

// fullWriter takes so many bytes.
type fullWriter struct{ room int }

func (w *fullWriter) Write(b []byte) (int, error) {
	n := min(len(b), w.room)
	if w.room -= n; n < len(b) {
		return n, &os.PathError{Op: "write", Path: "/dev/stdout", Err: errFull}
	}
	return n, nil
}

// gonnInto runs a command line whose output has only so much room.
func gonnInto(room int, args ...string) (stderr string, code int) {
	var err bytes.Buffer
	code = execute(context.Background(), append([]string{"gonn"}, args...), &fullWriter{room}, &err)
	return err.String(), code
}

// A command whose output does not arrive says so and fails, wherever it stops.
func TestOutputThatDoesNotFitIsAnError(t *testing.T) {
	seven := testdata(t, "digits", "7.png")
	t.Chdir(t.TempDir())
	mustRun(t, small("--run", "a")...)
	mustRun(t, "export", "m.onnx", "--run", "a")
	cases := 0
	for _, args := range []string{
		"--help", "--version", "help", "help train", "train --help", "version", "version --json",
		"completion bash", "completion zsh", "completion fish",
		"inspect m.onnx", "inspect m.onnx --json", "eval m.onnx --limit 20", "predict m.onnx " + seven, "data --data mnist --limit 20",
		"compare m.onnx --limit 20", "export n.onnx --run a --force", "export n.onnx --run a --external --force --json", "record pytorch --force",
	} {
		args := strings.Fields(args)
		whole := len(mustRun(t, args...))
		for _, room := range []int{0, whole - 1} {
			cases++
			want := 1
			if args[0] == "compare" {
				want = 2 // 1 is for networks that differ
			}
			if stderr, code := gonnInto(room, args...); code != want || !strings.HasSuffix(stderr, "gonn: /dev/stdout: no space left on device\n") {
				t.Errorf("%v with room for %d of %d bytes: exit %d, %q", args, room, whole, code, stderr)
			}
		}
	}
	t.Logf("promise T5: %d commands whose output did not fit: 0 that did not say so", cases)
}

// A training whose output does not arrive loses nothing: it can be begun or is done.
func TestTrainingWithoutOutputLosesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	start := strings.Index(mustRun(t, small("--run", "a")...), "train  loss")
	for dir, tc := range map[string]struct {
		room int
		want string
	}{
		"b": {0, "nothing is trained yet: go on with gonn train --resume --run b"},
		"c": {start, "the training has ended and is saved in c"},
	} {
		room, want := tc.room, tc.want
		if stderr, code := gonnInto(room, small("--run", dir)...); code != 1 || !strings.Contains(stderr, "gonn: /dev/stdout: no space left on device; "+want) {
			t.Errorf("room for %d bytes: exit %d, %q, want %q", room, code, stderr, want)
		}
		mustRun(t, "train", "--resume", "--run", dir)
		sameRun(t, dir, "a")
	}
}
