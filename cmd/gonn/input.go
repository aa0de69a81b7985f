package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/run"
)

var (
	normalizeFlag = &cli.StringFlag{Name: "normalize", Usage: "`MEAN:STD`, each a number or one for each channel, auto (those of the training samples) or none", DefaultText: "none, with --net the network's own"}
	augmentFlag   = &cli.StringFlag{Name: "augment", Usage: "change training samples at random: `LIST` of shift:N, crop:N, flip, noise:S, invert"}
)

// spellInput checks what --normalize and --augment say and spells it as runs record
// it. "auto" stays until there is data, and so does "" for a network's own.
func spellInput(s *run.Settings) error {
	a, err := data.ParseAugmentation(s.Augment)
	if err != nil {
		return usage("--augment: %w", err)
	}
	s.Augment = a.String()
	switch s.Normalize {
	case "", "auto", "none":
		return nil
	}
	n, err := data.ParseNorm(s.Normalize)
	if err != nil {
		return usage("--normalize: %w", err)
	}
	s.Normalize = n.String()
	return nil
}

// resolveNormalize turns auto into the numbers of the samples that are trained on, and
// nothing into those of the network that training starts from.
func resolveNormalize(s *run.Settings, set *data.Set) error {
	switch s.Normalize {
	case "none":
		s.Normalize = ""
	case "auto":
		fit, _, err := splitData(set, *s)
		if err != nil {
			return exitError{err, exitUsage}
		}
		n, err := data.NormOf(fit)
		if err != nil {
			return exitError{fmt.Errorf("--normalize auto: %w", err), exitUsage}
		}
		s.Normalize = n.String()
	case "":
		if s.NetPath == "" {
			return nil
		}
		// A path that cannot be opened is buildNetwork's to report.
		if src, err := openPath(s.NetPath); err == nil {
			s.Normalize = src.told("normalize")
		}
	}
	return nil
}

// trainingViews are the samples that a training sees: those to fit changed at random in
// each epoch, and both normalised.
func trainingViews(set *data.Set, s run.Settings) (fit, val nn.Samples, err error) {
	if fit, val, err = splitData(set, s); err != nil {
		return nil, nil, err
	}
	changes, err := data.ParseAugmentation(s.Augment)
	if err != nil {
		return nil, nil, fmt.Errorf("--augment: %w", err)
	}
	if len(changes) > 0 {
		if fit, err = data.Augment(fit, changes, s.Seed); err != nil {
			return nil, nil, err
		}
	}
	if fit, err = normalizedView(fit, s.Normalize); err != nil {
		return nil, nil, err
	}
	if val != nil {
		val, err = normalizedView(val, s.Normalize)
	}
	return fit, val, err
}

// describeInput says what is done to the samples, in the line about a training.
func describeInput(s run.Settings) string {
	text := normalizedBy(s.Normalize)
	if s.Augment != "" {
		text += ", augmented by " + s.Augment
	}
	return text
}
