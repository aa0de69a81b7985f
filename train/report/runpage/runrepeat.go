package runpage

import (
	"fmt"
	"strings"
	"time"

	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/shell"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// published holds the run against the study's figures.
func (p *runPage) published() error {
	s := p.section("published", "Beside the study")
	study, ok := sweep.Published(*p.model.Settings)
	r := p.summary.Result
	if !ok || r == nil {
		return nil
	}
	s.say("The study that gonn began with published one run with this network, data, loss and activation. It does not say with which optimizer, batch and epochs. One run differs from another by its seed: gonn sweep study shows by how much.")
	t := &table{Head: heads("", "#training loss", "#training accuracy", "#test loss", "#test accuracy")}
	row := func(name string, f sweep.Figures) {
		t.Rows = append(t.Rows, []cell{text(name), number(figure(f.TrainLoss)), number(figure(f.TrainAccuracy)), number(figure(f.TestLoss)), number(figure(f.TestAccuracy))})
	}
	row("this run", sweep.Figures{TrainLoss: r.Train.Loss, TrainAccuracy: r.Train.Accuracy, TestLoss: r.Test.Loss, TestAccuracy: r.Test.Accuracy})
	row("published", study)
	s.add(part{Table: t})
	return nil
}

// settings shows what was asked for, and where it was trained.
func (p *runPage) settings() error {
	s := p.section("settings", "Settings")
	all, err := settingsOf(p.summary.Settings)
	if err != nil {
		return err
	}
	s.addSettings(all)
	t := &table{Caption: "Sessions of the training", Head: heads("began", "gonn", "Go", "system", "#processors", "kernels")}
	for _, m := range p.summary.Sessions {
		build := m.Build
		if build == "" {
			build = p.summary.Settings.Gonn
		}
		t.Rows = append(t.Rows, []cell{text(m.Started.UTC().Format(time.DateTime + " MST")), text(build), text(m.Go), text(m.OS + "/" + m.Arch), number(fmt.Sprint(m.CPUs)), text(m.Kernels)})
	}
	s.add(part{Table: t})
	return nil
}

// repeat shows the commands that make the run and its pictures again.
func (p *runPage) repeat() error {
	s := p.section("repeat", "To repeat it")
	all, err := settingsOf(p.summary.Settings)
	if err != nil {
		return err
	}
	dir := shell.Word(p.summary.Dir)
	var commands []command
	if p.summary.State != run.Imported {
		commands = append(commands, command{Text: "gonn train" + flags(all), Note: "the training, to the same bits with the same kernels"})
	}
	if p.data != nil {
		commands = append(commands, command{Text: "gonn eval --confusion --run " + dir + limitFlag(p.summary.Settings.Limit) + p.options.dataFlag(), Note: "loss, accuracy and the scores of each class"})
	}
	pictures := []string{"network"}
	if len(report.SlopesOf(p.model.Net)) > 0 {
		pictures = append(pictures, "slopes")
	}
	if len(p.summary.Metrics) > 0 {
		pictures = append(pictures, "curves")
	}
	s.add(part{Commands: append(commands,
		command{Text: "gonn plot " + strings.Join(pictures, ",") + " " + dir + " -o picture.svg", Note: "its pictures as files; gonn plot lists more"},
		command{Text: "gonn report " + dir + p.options.flags() + " --force", Note: "this page"})})
	return nil
}

func limitFlag(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" --limit %d", n)
}
