package progress

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// fit trains for 2 epochs of 5 steps on 100 samples; each look at the clock finds it
// step later.
func fit(t *testing.T, r *reporter, step time.Duration, callbacks ...train.Callback) {
	t.Helper()
	now := time.Unix(0, 0)
	r.now = func() time.Time { now = now.Add(step); return now }
	net := toy.Network(1)
	adam, err := optim.NewAdam(net.Params(), optim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = train.Fit(net, toy.Samples(100, 1), train.Config{
		Loss:       loss.CrossEntropy{},
		Optimizer:  adam,
		Epochs:     2,
		Batch:      20,
		Validation: toy.Samples(10, 2),
		Callbacks:  append(callbacks, r),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLinesTellOfEachEpochAndNowAndThenWithin(t *testing.T) {
	var b strings.Builder
	fit(t, &reporter{w: &b, live: &lines{w: &b}}, 4*time.Second) // an epoch of 20 s, a line every 10
	var got []string
	for _, line := range strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n") {
		// Losses are the network's business.
		got = append(got, strings.Join(strings.Fields(line)[:3], " ")+" … "+line[strings.LastIndex(line, "  ")+2:])
	}
	want := []string{
		"epoch 1/2 60/100 … 0:28 left", // 140 samples at 5 a second
		"epoch 1/2 loss …",
		"epoch 2/2 60/100 … 0:08 left",
		"epoch 2/2 loss …",
	}
	if len(got) != len(want) {
		t.Fatalf("got lines\n%s", b.String())
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("line %d is %q, want %q", i+1, got[i], want[i])
		}
	}
}

func TestFilesGetLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fit(t, New(f).(*reporter), time.Millisecond)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), "\n"); n != 2 || strings.ContainsAny(string(b), "\r\033") {
		t.Errorf("got %q, want two plain lines", b)
	}
}

func TestBarShowsSpeedLossAccuracyAndTimeLeft(t *testing.T) {
	var b strings.Builder
	fit(t, &reporter{w: &b, live: &bar{w: &b, columns: columns(80)}}, time.Second)
	for _, want := range []string{
		"\r  60% |██", "epoch 1/2  20 samples/s  loss ", " acc ", "  0:07", // 140 samples are left then
		"\033[2K\repoch 1/2  loss ", "\033[2K\repoch 2/2  loss ",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in %q", want, b.String())
		}
	}
}

func TestBarFitsItsLine(t *testing.T) {
	for _, width := range []int{75, 80, 200, 30, 3, 0} { // the terminal may become narrower
		var b strings.Builder
		fit(t, &reporter{w: &b, live: &bar{w: &b, columns: columns(width)}}, time.Second)
		for _, line := range strings.FieldsFunc(b.String(), func(r rune) bool { return r == '\r' || r == '\n' }) {
			line = strings.ReplaceAll(line, "\033[2K", "")
			if n := len([]rune(line)); strings.Contains(line, "%") && (n > width-4 || width >= 75 && n != width-4) {
				t.Errorf("a line has %d of %d columns: %q", n, width, line)
			}
		}
	}
}

func columns(n int) func() int { return func() int { return n } }

func TestBarLine(t *testing.T) {
	for _, c := range []struct {
		done, width int
		want        string
	}{
		{0, 20, "   0% |       | text"}, {50, 20, "  50% |███    | text"}, {100, 20, " 100% |███████| text"},
		{50, 14, "  50% | | text"}, {50, 13, "  50%  text"}, {50, 8, "  50%  t"}, {50, 0, ""}, {50, -3, ""},
	} {
		if got := barLine(c.done, 100, " text", c.width); got != c.want {
			t.Errorf("%d of 100 in %d columns: %q, want %q", c.done, c.width, got, c.want)
		}
	}
}

func TestEpochLineFits(t *testing.T) {
	for want, text := range map[string]string{
		"epoch 2/5  loss 0.1312 acc 0.9604  lr 0.001  54 s  2210/s":                   `{"epoch": 2, "loss": 0.13121, "accuracy": 0.96041, "lr": 0.001, "seconds": 54.3, "samples_per_s": 2210.2, "grad_norm/conv1.weight": 5}`,
		"epoch 2/5  loss 0.1312 acc 0.9604  val 0.1121 acc 0.9660  lr 0.000976  54 s": `{"epoch": 2, "loss": 0.13121, "accuracy": 0.96041, "val_loss": 0.1121, "val_accuracy": 0.966, "lr": 0.00097553, "seconds": 54.3, "samples_per_s": 2210.2}`,
		"epoch 2/5  loss 1.5e+38 acc 0.0000  val 1.23e+05 acc 0.0000  lr 1.23e-05":    `{"epoch": 2, "loss": 1.5e38, "accuracy": 0, "val_loss": 123456.7, "val_accuracy": 0, "lr": 0.000012345, "seconds": 123456, "samples_per_s": 1e6}`,
		"epoch 2/5  loss 99999.0000 acc 0.0000  lr 0":                                 `{"epoch": 2, "loss": 99999, "accuracy": 0, "lr": 0, "seconds": 123456e30, "samples_per_s": 1e6}`,
	} {
		var m train.EpochMetrics
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		s := &train.State{Epochs: 5, History: train.History{Epochs: []train.EpochMetrics{m}}}
		if got := epochLine(s); got != want || len(got) > 79 {
			t.Errorf("got  %q (%d columns)\nwant %q", got, len(got), want)
		}
	}
}

type stop struct{ train.Base }

func (stop) BatchEnd(s *train.State) error {
	if s.Position.Step == 2 {
		s.Stop("for the test")
	}
	return nil
}

func TestBarGoesAwayWhenTrainingStops(t *testing.T) {
	var b strings.Builder
	fit(t, &reporter{w: &b, live: &bar{w: &b, columns: columns(80)}}, time.Second, stop{})
	if !strings.HasSuffix(b.String(), "\033[2K\r") {
		t.Errorf("the last thing written is not the removal of the bar: %q", b.String())
	}
}

type failing struct{ train.Base }

func (failing) EpochEnd(*train.State) error { return os.ErrClosed }

// A checkpoint that cannot be written ends the training before the epoch has its line.
func TestBarGoesAwayWhenAnotherCallbackFails(t *testing.T) {
	var b strings.Builder
	net := toy.Network(1)
	adam, err := optim.NewAdam(net.Params(), optim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = train.Fit(net, toy.Samples(100, 1), train.Config{
		Loss: loss.CrossEntropy{}, Optimizer: adam, Epochs: 1, Batch: 20,
		Callbacks: []train.Callback{failing{}, &reporter{w: &b, now: time.Now, live: &bar{w: &b, columns: columns(80)}}},
	})
	if err == nil || !strings.HasSuffix(b.String(), "\033[2K\r") {
		t.Errorf("error %v, the last thing written is not the removal of the bar: %q", err, b.String())
	}
}

func TestOnlyTerminalsGetALineAfterAStop(t *testing.T) {
	for _, terminal := range []bool{false, true} {
		var b strings.Builder
		fit(t, &reporter{w: &b, live: &lines{w: &b, terminal: terminal}}, time.Millisecond, stop{})
		if want := map[bool]string{true: "\n"}[terminal]; b.String() != want {
			t.Errorf("terminal %v: got %q, want %q", terminal, b.String(), want)
		}
	}
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0:00", 1600 * time.Millisecond: "0:02", 61 * time.Second: "1:01", 3723 * time.Second: "1:02:03",
	} {
		if got := clock(d); got != want {
			t.Errorf("%v: got %s, want %s", d, got, want)
		}
	}
}
