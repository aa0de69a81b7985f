package main

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/metric"
)

// augmentHelp lists the changes of --augment.
func augmentHelp() string {
	var b strings.Builder
	b.WriteString("Changes of --augment (drawn anew for each sample and epoch; one after the other, as in shift:2,noise:0.05):\n")
	for _, f := range data.AugmentFuncs {
		arg := ":" + strings.ToUpper(f.Arg)
		if f.Default != 0 {
			arg = "[" + arg + "]"
		}
		fmt.Fprintf(&b, "  %-30s %s\n", f.Name+arg, f.Formula)
	}
	return b.String()
}

// actHelp lists the activations.
func actHelp() string {
	var b strings.Builder
	b.WriteString("Activations (learned ones take one, channel or element, and a start: prelu:one:0.25):\n")
	for _, f := range activation.Funcs {
		arg := ""
		switch {
		case f.Arg == activation.Learned:
			arg = "[:SHARING[:START]]"
		case f.Arg == activation.Fixed && f.Default != nil:
			arg = "[:" + strings.ToUpper(f.Param) + "]"
		case f.Arg == activation.Fixed:
			arg = ":" + strings.ToUpper(f.Param)
		}
		fmt.Fprintf(&b, "  %-30s %s\n", f.Name+arg, f.Formula)
	}
	return b.String()
}

// lossHelp lists the losses.
func lossHelp() string {
	var b strings.Builder
	b.WriteString("Losses (means over samples; z are logits, t is the one-hot label):\n")
	for _, f := range loss.Forms {
		arg := ""
		if f.Arg != "" {
			arg = "[:" + f.Arg + "]"
		}
		fmt.Fprintf(&b, "  %-30s %s\n", f.Name+arg, f.Formula)
	}
	return b.String()
}

// metricHelp lists the metrics.
func metricHelp() string {
	var b strings.Builder
	b.WriteString("Metrics of --metrics (values of each epoch in run.json, metrics.csv and --json; they do not change\n" +
		"the training, but for the last bits with dead, where a PReLU or swish-beta that shares its parameter\n" +
		"in a channel is behind a BatchNorm; activations and dead take memory for the outputs of a batch, and\n" +
		"some time):\n")
	for _, k := range metric.Kinds() {
		fmt.Fprintf(&b, "  %-30s %s\n", k.Name, k.Usage)
	}
	return b.String()
}

// scheduleHelp lists the schedules.
func scheduleHelp() string {
	var b strings.Builder
	b.WriteString("Schedules of the learning rate lr (t, EVERY, AT and UNTIL count epochs, or steps: 500steps):\n")
	for _, k := range optim.Schedules {
		fmt.Fprintf(&b, "  %-46s %s\n", k.Name+k.Args, k.Formula)
	}
	b.WriteString("  by-epoch:SCHEDULE                              the same, changing between epochs only\n" +
		"UNTIL is by default the end that --epochs gave a run at its start, also if it is resumed for more.\n")
	return b.String()
}
