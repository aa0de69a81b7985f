//go:build !race

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train/recipe"
)

// The promise of gonn train --help: a training takes at most so much memory besides twice the
// estimate of gonn inspect, and the default run defaultMost in all.
const (
	besides     = 160 << 20
	defaultMost = 512 << 20
)

// peakOf is the peak of a training in bytes, which has done at least a step.
func peakOf(t *testing.T, interrupted time.Duration, code int, args string) int {
	t.Helper()
	dir := t.TempDir()
	j := job{Args: strings.Fields(args), After: interrupted, Peak: filepath.Join(dir, "peak")}
	c := j.command()
	c.Env, c.Dir = append(c.Env, "GOMEMLIMIT=512MiB"), dir
	said, peak := j.measured(t, c)
	idle := strings.Contains(said, "stopped after epoch 0, step 0;")
	if idle && interrupted < time.Minute { // on a slow machine
		return peakOf(t, 3*interrupted, code, args)
	}
	if got := c.ProcessState.ExitCode(); got != code || idle {
		t.Fatalf("gonn %s: exit %d, %s", args, got, said)
	}
	return int(peak)
}

// The default run is interrupted after some steps: what comes later takes nothing more, as the
// presets show, whose trainings are short and whole. With GONN_PRESETS=all it is one whole epoch,
// and large presets are trained too.
func TestTrainingFitsInItsMemory(t *testing.T) {
	const mib = 1 << 20
	names, epochs, interrupted, code := []string{"study", "mlp", "lenet5"}, "1000", 2*time.Second, 130
	if os.Getenv("GONN_PRESETS") == "all" {
		names, epochs, interrupted, code = preset.Names(), "1", time.Hour, 0
	}
	got := peakOf(t, interrupted, code, "train --run r --epochs "+epochs)
	if got > defaultMost {
		t.Errorf("the default run takes %d MiB, allowed %d MiB", got/mib, defaultMost/mib)
	}
	t.Logf("promise T11: at most %d MiB resident in the default run under GOMEMLIMIT=512MiB, allowed %d MiB", got/mib, defaultMost/mib)

	var all []string
	for _, name := range names {
		net, err := recipe.Preset(name, defaultAct, nn.Shape{1, 28, 28}, defaultClasses)
		if err != nil {
			t.Fatal(err)
		}
		allowed := 2*net.Memory(nn.Training, 128, 2).Total() + besides
		got := peakOf(t, time.Hour, 0, "train --epochs 1 --limit 256 --workers 2 --run r --net "+name)
		if got > allowed {
			t.Errorf("%s takes %d MiB, allowed %d MiB", name, got/mib, allowed/mib)
		}
		all = append(all, fmt.Sprintf("%s %d of %d", name, got/mib, allowed/mib))
	}
	t.Logf("promise U11: MiB resident in a training of a preset, of those allowed: %s", strings.Join(all, ", "))
}
