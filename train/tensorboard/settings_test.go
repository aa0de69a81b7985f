package tensorboard

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train"
)

// A session that goes on with other settings says so, from its beginning on, and one with the same
// ones does not repeat them.
func TestChangedSettingsAreWritten(t *testing.T) {
	dir := t.TempDir()
	net := study(t)
	begin := func(epoch int, patience int) {
		t.Helper()
		l := &Logger{Dir: dir, About: About{Settings: []Hparam{{"patience", patience}}}}
		s := &train.State{Network: net, Position: train.Position{Epoch: epoch}}
		if err := l.TrainBegin(s); err != nil {
			t.Fatal(err)
		}
		if err := l.TrainEnd(&train.State{Network: net, Position: train.Position{Epoch: epoch, Step: 1}}); err != nil {
			t.Fatal(err)
		}
	}
	told := func() (texts []string) {
		t.Helper()
		names, err := eventFiles(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range records(t, b) {
				if e, ok := parseEvent(r); ok && e.tag == settingsTag {
					_, text, _ := strings.Cut(string(e.value), "| patience | ")
					text, _, _ = strings.Cut(text, " |")
					texts = append(texts, text)
				}
			}
		}
		return texts
	}
	for _, c := range []struct {
		epoch, patience int
		want            []string
	}{
		{0, 3, []string{"3"}},
		{1, 3, []string{"3"}},
		{1, 9, []string{"3", "9"}},
		{2, 9, []string{"3", "9"}},
		{3, 3, []string{"3", "9", "3"}},
	} {
		begin(c.epoch, c.patience)
		if got := told(); !slices.Equal(got, c.want) {
			t.Errorf("after epoch %d with %d: the settings are %q, want %q", c.epoch, c.patience, got, c.want)
		}
	}
}
