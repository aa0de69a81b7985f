package bundle_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/bundle"
)

const lock = "recording.lock"

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// What a killed recording leaves can be recorded again; what is somebody's is left alone.
func TestCreateOverWhatIsThere(t *testing.T) {
	temp, halfMade := "."+bundle.ModelFile+".0badcafe.tmp", 0
	for _, tc := range []struct {
		there   []string
		refused bool
	}{
		{nil, false},
		{[]string{lock}, false},
		{[]string{lock, bundle.StepsFile}, false},
		{[]string{lock, bundle.StepsFile, temp}, false},
		{[]string{lock, bundle.StepsFile, bundle.ModelFile}, false},
		{[]string{lock, bundle.StepsFile, bundle.ModelFile, bundle.DescriptionFile}, true},
		{[]string{lock, bundle.ModelFile, "run.json"}, true},
		{[]string{bundle.ModelFile}, true},
		{[]string{bundle.StepsFile}, true},
	} {
		dir := t.TempDir()
		for _, name := range tc.there {
			text := "old"
			if name == lock {
				text = "" // killed before it wrote its id
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		w, err := bundle.Create(dir, []byte("model"))
		if tc.refused {
			slices.Sort(tc.there)
			if err == nil || !strings.Contains(err.Error(), "not empty") || !slices.Equal(names(t, dir), tc.there) {
				t.Errorf("over %v: error %v, the folder holds %v", tc.there, err, names(t, dir))
			}
			continue
		}
		if err != nil {
			t.Errorf("over %v: %v", tc.there, err)
			continue
		}
		if _, err := bundle.Create(dir, nil); err == nil || !strings.Contains(err.Error(), "locked") {
			t.Errorf("a second recording at the same time: error %v", err)
		}
		if err := w.Abort(); err != nil || len(names(t, dir)) > 0 {
			t.Errorf("over %v: %v, left: %v", tc.there, err, names(t, dir))
		}
		halfMade += min(1, len(tc.there))
	}
	t.Logf("promise U3: %d kinds of half-made recordings: all can be recorded again", halfMade)
}

// Who waits for the lock of a bundle that is just being ended does not take it for half-made.
func TestCreateWhileABundleIsEnded(t *testing.T) {
	d := bundle.Description{
		Framework: "pytorch", Steps: 1, Loss: bundle.Loss{Form: "mse"}, Parameters: []bundle.Parameter{{Name: "w", Shape: []int{2}, Trained: true}},
		Optimizer: bundle.Optimizer{Name: "sgd", Groups: []bundle.Group{{Params: []string{"w"}, LR: []float64{0.1}}}},
	}
	whole := []string{bundle.DescriptionFile, bundle.ModelFile, bundle.StepsFile}
	slices.Sort(whole)
	for range 30 {
		dir := t.TempDir()
		w, err := bundle.Create(dir, []byte("model"))
		if err != nil {
			t.Fatal(err)
		}
		refused := make(chan error)
		go func() {
			for {
				_, err := bundle.Create(dir, nil)
				if err == nil || !strings.Contains(err.Error(), "locked") {
					refused <- err
					return
				}
			}
		}()
		closed := w.Close(d)
		if err := <-refused; closed != nil || err == nil || !slices.Equal(names(t, dir), whole) {
			t.Fatalf("%v, %v, the folder holds %v", closed, err, names(t, dir))
		}
	}
}

// A description that cannot be written leaves no bundle.
func TestCloseThatFailsLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	w, err := bundle.Create(dir, []byte("model"))
	if err != nil {
		t.Fatal(err)
	}
	wrong := (*bundle.Error)(nil)
	if err := w.Close(bundle.Description{}); !errors.As(err, &wrong) {
		t.Errorf("error %v, want one of the description", err)
	}
	if got := names(t, dir); len(got) > 0 {
		t.Errorf("left: %v", got)
	}
}
