package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// evaluatorFlags are the limits of the reference evaluator, of commands that run models.
var evaluatorFlags = []cli.Flag{
	&cli.StringFlag{Name: "max-memory", Usage: "most memory that values on the reference evaluator may take at once: `SIZE`, as in 8GiB", DefaultText: bytesText(reference.DefaultLimits.Memory)},
	&cli.StringFlag{Name: "max-ops", Usage: "most multiply-accumulates that it may do for a sample: `N`, as in 1e12", DefaultText: fmt.Sprintf("%.0e", float64(reference.DefaultLimits.Operations))},
	&cli.DurationFlag{Name: "timeout", Usage: "how long it, and compare as a whole, may run: `DURATION`, as in 90s", DefaultText: "no end"},
}

// evaluatorOf is the reference evaluator as evaluatorFlags say. It ends with the context of the
// command, which limited has given an end.
func evaluatorOf(c *cli.Context) (engine.Reference, error) {
	var r engine.Reference
	if text := c.String("max-memory"); text != "" {
		n, err := parseBytes(text)
		if err != nil {
			return r, usage("--max-memory %s: %w", text, err)
		}
		r.Limits.Memory = n
	}
	if text := c.String("max-ops"); text != "" {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || !(n >= 1 && n <= math.MaxInt64/2) {
			return r, usage("--max-ops %s: give a number from 1 up, as in 1e12", text)
		}
		r.Limits.Operations = int64(n)
	}
	r.Context = c.Context
	return r, nil
}

// units are those of sizes in memory.
var units = []struct {
	name  string
	bytes float64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"", 1}}

// parseBytes reads a number of bytes such as 8GiB.
func parseBytes(text string) (int64, error) {
	for _, u := range units {
		number, ok := strings.CutSuffix(text, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(n*u.bytes >= 1 && n*u.bytes < math.MaxInt64/2) {
			break
		}
		return int64(n * u.bytes), nil
	}
	return 0, errors.New("give a size in kB, MB, GB, KiB, MiB or GiB, as in 8GiB or 500MB")
}

// bytesText is a number of bytes as parseBytes reads it.
func bytesText(n int64) string {
	for _, u := range []int{2, 1, 0} {
		if b := int64(units[u].bytes); n%b == 0 {
			return fmt.Sprintf("%d%s", n/b, units[u].name)
		}
	}
	return fmt.Sprintf("%dB", n)
}

// limited is a command with evaluatorFlags: its context ends when --timeout is over, and errors of
// limits name the flag that raises them.
func limited(action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		if c.IsSet("timeout") {
			d := c.Duration("timeout")
			if d <= 0 {
				return usage("--timeout %v: give a time, as in 90s", d)
			}
			ctx, cancel := context.WithTimeoutCause(c.Context, d, fmt.Errorf("--timeout %v is over", d))
			defer cancel()
			c.Context = ctx
		}
		return withFlag(action(c))
	}
}

// withFlag names the flag that raises a limit, if an error is that of one.
func withFlag(err error) error {
	var limit *reference.LimitError
	if !errors.As(err, &limit) {
		return err
	}
	flag := map[reference.Resource]string{reference.Memory: "max-memory", reference.Operations: "max-ops"}[limit.Resource]
	if flag == "" {
		return err
	}
	if limit.Resource == reference.Operations {
		return fmt.Errorf("%w of all samples at once: --%s, which is for one sample, raises it", err, flag)
	}
	return fmt.Errorf("%w: --%s raises it", err, flag)
}
