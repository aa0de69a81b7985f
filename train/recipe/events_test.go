package recipe_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/tensorboard"
)

// The event files of a run have every series of its history, those of metrics too, and the result;
// so have those that are written afterwards of a run without.
func TestEventsHaveEverySeries(t *testing.T) {
	s := recipe.Default()
	s.Net, s.Act, s.Data, s.Limit, s.Epochs, s.Val, s.TensorBoard, s.Metrics = "mlp", "prelu", "mnist", 100, 2, 0.2, true, "slopes,dead"
	dir := filepath.Join(t.TempDir(), "run")
	r := finish(t, dir, s, recipe.Shared())
	files, err := filepath.Glob(filepath.Join(dir, "events.out.tfevents.*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("event files %q, error %v", files, err)
	}
	logged, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	past, err := recipe.PastEvents(dir)
	if err != nil {
		t.Fatal(err)
	}
	afterwards, err := past.Encode()
	if err != nil {
		t.Fatal(err)
	}
	tags := []string{"result/train_loss", "result/train_accuracy", "result/test_loss", "result/test_accuracy"}
	for _, v := range r.Metrics[0].Values {
		tags = append(tags, tensorboard.Tag(v.Name))
	}
	if len(tags) < 15 {
		t.Errorf("%q: metrics are missing", tags)
	}
	for _, tag := range tags {
		want := 2
		if strings.HasPrefix(tag, "result/") {
			want = 1
		}
		for name, b := range map[string][]byte{"logged": logged, "afterwards": afterwards} {
			const number = 0x15 // a field simple_value, which follows the tag
			if n := bytes.Count(b, append(append([]byte{byte(len(tag))}, tag...), number)); n != want {
				t.Errorf("%s: %s is there %d times, want %d", name, tag, n, want)
			}
		}
	}
	for name, b := range map[string][]byte{"logged": logged, "afterwards": afterwards} {
		if !bytes.Contains(b, []byte("| val | 0.2 |")) || !bytes.Contains(b, []byte("| seed | 1 |")) || bytes.Contains(b, []byte("| momentum |")) {
			t.Errorf("%s: not the settings that were given", name)
		}
	}
}

func TestHistogramsNeedEventFiles(t *testing.T) {
	for _, n := range []int{-1, 2} {
		if err := recipe.Check(run.Settings{Epochs: 1, Batch: 1, Semantics: "keras", Kink: "keras", Data: recipe.DefaultData, Histograms: n}); err == nil || !strings.HasPrefix(err.Error(), "histograms") {
			t.Errorf("histograms %d: %v", n, err)
		}
	}
}
