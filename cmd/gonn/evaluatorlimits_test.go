package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// write makes the bomb a file.
func (b bomb) write(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bomb.onnx")
	writeModel(t, path, b.model())
	return path
}

// What a limit refuses runs with the flag that the refusal names.
func TestLimitsAreRaised(t *testing.T) {
	// All boxes are the same, so that the first is kept and the work is far less than estimated.
	boxes := grown("boxes", []int64{1, 1, 1 << 17}, node("b = Expand box bs"), node("n = NonMaxSuppression b big lots0 over")).
		with("bs", 1, 1<<17, 4).with("lots0", 1<<17).end("n")
	boxes.reals = map[string][]float32{"box": {0, 0, 1, 1}, "over": {0.5}}
	for _, c := range []struct {
		name, refused, raised string
		b                     bomb
	}{
		{"operations", "", "--max-ops 1e12", boxes},
		{"memory", "--max-memory 4MiB", "--max-memory 64MiB", grown("", []int64{1 << 20}, node("t = Neg big"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			flag, _, _ := strings.Cut(c.raised, " ")
			args := []string{"predict", c.b.write(t), "../../testdata/digits/7.png"}
			if _, said, code := gonn(append(args, strings.Fields(c.refused)...)...); code != exitFailed || !strings.Contains(said, flag) || !strings.Contains(said, " raises it") {
				t.Errorf("exit %d, %s", code, said)
			}
			if out := mustRun(t, append(args, strings.Fields(c.raised)...)...); !strings.Contains(out, "7.png: ") {
				t.Errorf("with %s: %s", c.raised, out)
			}
		})
	}
}

// longBombs have a node that runs for many seconds, the last but for those that all bombs end
// with.
func longBombs() []bomb {
	long := []bomb{grown("Det of a matrix", []int64{2500, 2500}, node("e = EyeLike big"), node("t = Det e"))}
	names := strings.Split("Conv of a large kernel,ConvTranspose of a large kernel,DeformConv,MaxPool of a large kernel,LpPool of pads,"+
		"LRN over all channels,NonMaxSuppression,DFT,LinearAttention,CausalConvWithState,GridSample", ",")
	for _, b := range bombs() {
		if slices.Contains(names, b.name) {
			long = append(long, b)
		}
	}
	return long
}

// A run ends inside of a node when its time is over, or when Ctrl-C ends its context.
func TestLongNodesEnd(t *testing.T) {
	long := longBombs()
	for i, b := range long {
		t.Run(b.name, func(t *testing.T) { b.stops(t, i%2 == 0) })
	}
	if !t.Failed() {
		t.Logf("promise U4: --timeout or Ctrl-C ends %d operators while they are at work", len(long))
	}
}

// compare ends with the time too while it runs layers one by one, beside the evaluator.
func TestCompareEndsWithItsTime(t *testing.T) {
	t.Chdir(t.TempDir())
	writeModel(t, "m.onnx", openSequences(t))
	for args, want := range map[string]string{
		"compare m.onnx m.onnx --same --size 16 --timeout 1ns": "--timeout 1ns is over",
		"compare m.onnx m.onnx --same --timeout -1s":           "--timeout -1s: give a time",
		"predict m.onnx a.png --size 16 --timeout 0s":          "--timeout 0s: give a time",
	} {
		if _, stderr, code := gonn(strings.Fields(args)...); code != exitUsage || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s", args, code, stderr)
		}
	}
	mustRun(t, "compare", "m.onnx", "m.onnx", "--same", "--size", "16", "--timeout", "10m")
}

// stops ends predict while the last node of a bomb runs. On a slow machine it is not reached at
// the first attempt.
func (b bomb) stops(t *testing.T, timeout bool) {
	label := fmt.Sprintf("node %q", b.nodes[len(b.nodes)-1].Name)
	path := b.write(t)
	for wait := 100 * time.Millisecond; ; wait *= 3 {
		args := []string{"gonn", "predict", path, "../../testdata/digits/7.png", "--max-ops", "1e15", "--max-memory", "1GiB"}
		ctx, why := t.Context(), "Ctrl-C"
		if timeout {
			why = fmt.Sprintf("--timeout %v is over", wait)
			args = append(args, "--timeout", wait.String())
		} else {
			stopped, stop := context.WithTimeoutCause(ctx, wait, errors.New(why))
			defer stop()
			ctx = stopped
		}
		var out bytes.Buffer
		code := execute(ctx, args, &out, &out)
		if said := out.String(); code != exitFailed || !strings.Contains(said, why) {
			t.Fatalf("exit %d, %s", code, said)
		} else if strings.Contains(said, label) {
			return
		} else if wait > 5*time.Second {
			t.Fatalf("not in %s: %s", label, said)
		}
	}
}
