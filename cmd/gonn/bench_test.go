package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// The JSON of gonn bench has the keys that scripts read.
func TestBenchJSON(t *testing.T) {
	out := mustRun(t, "bench", "--json", "--train", "--infer", "--act", "prelu", "--seconds", "0.01", "--batch", "16")
	var r struct {
		PeakGFLOPS map[string]float64 `json:"peak_gflops"`
		Train      []struct {
			Act         string
			Workers     int
			SamplesPerS float64 `json:"samples_per_s"`
			ShareOfPeak float64 `json:"share_of_peak"`
		}
		Infer []struct {
			Act         string
			Batch       int
			US          float64
			SamplesPerS float64 `json:"samples_per_s"`
		}
		Kernels []any
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if !(r.PeakGFLOPS["1"] > 0 && r.PeakGFLOPS["all"] > 0) {
		t.Errorf("peaks %v", r.PeakGFLOPS)
	}
	if len(r.Train) == 0 || r.Train[0].Act != "prelu" || r.Train[0].Workers != 1 || !(r.Train[0].SamplesPerS > 0 && r.Train[0].ShareOfPeak > 0) {
		t.Errorf("train %+v", r.Train)
	}
	if len(r.Infer) != 3 || r.Infer[0].Batch != 1 || !(r.Infer[0].US > 0 && r.Infer[0].SamplesPerS > 0) {
		t.Errorf("infer %+v", r.Infer)
	}
	if r.Kernels == nil || len(r.Kernels) != 0 {
		t.Errorf("kernels %v, want an empty list", r.Kernels)
	}
}

func TestBenchTables(t *testing.T) {
	out := mustRun(t, "bench", "--train", "--act", "mish", "--workers", "2", "--seconds", "0.01", "--batch", "32")
	for _, want := range []string{" kernels\n", "peak GFLOP/s", "training, batches of 32\n", "\nmish "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for _, not := range []string{"inference", "conv1"} {
		if strings.Contains(out, not) {
			t.Errorf("%q in spite of --train:\n%s", not, out)
		}
	}
}

func TestBenchOneKernel(t *testing.T) {
	out := mustRun(t, "bench", "--kernel", "dense", "--seconds", "0.01")
	for _, want := range []string{"study dense forward", "study dense dW", "study dense dX"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for _, not := range []string{"study conv", "training", "inference"} {
		if strings.Contains(out, not) {
			t.Errorf("%q in spite of --kernel dense:\n%s", not, out)
		}
	}
}

func TestWrongBenchCommands(t *testing.T) {
	for args, says := range map[string]string{
		"bench extra":             `bench takes no argument, got "extra"`,
		"bench --act reul":        "choose one of linear, relu, leaky",
		"bench --seconds 0":       "--seconds 0: need a number above 0",
		"bench --seconds Inf":     "--seconds +Inf: need a number above 0",
		"bench --seconds fast":    "--seconds fast: not a value it takes",
		"bench --workers -1":      "--workers -1: need 1 or more",
		"bench --kernel lstm":     "--kernel lstm: none has this in its name; there are study conv1 forward, ",
		"bench --batch 0":         "--batch 0: need at least 1",
		"bench --workers 1 --lr":  "unknown flag --lr: gonn bench --help lists them",
		"bench --act mish --acts": "unknown flag --acts",
	} {
		out, stderr, code := gonn(strings.Fields(args)...)
		if code != exitUsage || !strings.Contains(stderr, says) || strings.Count(stderr, "\n") != 1 || out != "" {
			t.Errorf("%s: exit %d, stdout %q, stderr %q", args, code, out, stderr)
		}
	}
}
