package tensorboard

import (
	"bytes"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
)

// Past is a training whose events were not written while it ran.
type Past struct {
	About   About
	Network *nn.Network
	// Epoch is the one that Network is of; -1 if it is of none, as in a training that was stopped
	// within an epoch.
	Epoch   int
	Results []train.Value // as for Logger.Result; nil if it is not at its end
	Start   time.Time
}

// Name is the name of the training's event file.
func (p *Past) Name() string { return fileName(p.Start.Unix()) }

// Others are the paths of gonn's event files in a folder that have other names: TensorBoard would
// show them and this training as one.
func (p *Past) Others(dir string) (paths []string, err error) {
	names, err := eventFiles(dir)
	for _, name := range names {
		if name != p.Name() {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths, err
}

// Encode gives the event file: what Logger writes, as far as it is still known, which are
// histograms and pictures of one epoch and none of gradients. Its times are those of the training,
// as the series seconds tells them.
func (p *Past) Encode() ([]byte, error) {
	var b bytes.Buffer
	now := p.Start
	w := &Writer{to: &b, now: func() time.Time { return now }}
	w.version()
	if err := w.describe(p.About, p.Network); err != nil {
		return nil, fmt.Errorf("TensorBoard's events: %w", err)
	}
	epoch := 0
	for _, m := range p.About.History {
		if s, ok := m.Get("seconds"); ok && s > 0 {
			now = now.Add(time.Duration(s * float64(time.Second)))
		}
		w.epoch(m)
		epoch = m.Epoch
	}
	if p.Epoch >= 0 {
		if err := w.parameters(p.Network, p.Epoch); err != nil {
			return nil, fmt.Errorf("TensorBoard's events: %w", err)
		}
	}
	status := Unknown
	if p.Results != nil {
		status = Success
		w.epoch(train.EpochMetrics{Epoch: epoch, Values: p.Results})
	}
	w.End(epoch, status)
	err := w.Flush()
	return b.Bytes(), err
}
