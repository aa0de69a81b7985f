package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/plot/kinds"
)

// modelFlags are for pictures of models, sampleFlags for those that run them on data.
var (
	modelFlags  = []cli.Flag{sizeFlag}
	sampleFlags = slices.Concat(dataFlags, normFlags, []cli.Flag{byNumberFlag, layoutFlag, workersFlag}, evaluatorFlags)
)

// pictureHelp lists the pictures.
func pictureHelp() string {
	var b strings.Builder
	b.WriteString("Pictures:\n")
	for _, k := range kinds.Table {
		fmt.Fprintf(&b, "  %-36s %s\n", strings.TrimSpace(k.Name+" "+k.TakesText()), k.Usage)
	}
	return b.String()
}

// optionFlags are the flags of the table of pictures.
func optionFlags() []cli.Flag {
	var flags []cli.Flag
	seen := map[string]bool{}
	for _, k := range kinds.Table {
		for _, o := range k.Options {
			text := strings.Join(kinds.With(o.Name), ", ") + ": " + o.Usage
			switch {
			case seen[o.Name]:
			case o.Bool:
				flags = append(flags, &cli.BoolFlag{Name: o.Name, Usage: text})
			default:
				flags = append(flags, &cli.StringFlag{Name: o.Name, Usage: text})
			}
			seen[o.Name] = true
		}
	}
	return flags
}

// picturesAsked are the kinds of the first argument. Each option that is given must be one of
// theirs.
func picturesAsked(c *cli.Context) ([]*kinds.Kind, error) {
	var asked []*kinds.Kind
	for name := range strings.SplitSeq(c.Args().First(), ",") {
		k, err := kinds.Find(name)
		if err != nil {
			return nil, usage("%w%s", err, didYouMean(name, kinds.Names(), ""))
		}
		if slices.Contains(asked, k) {
			return nil, usage("%s: %s is there twice", c.Args().First(), name)
		}
		asked = append(asked, k)
	}
	for _, k := range kinds.Table {
		for _, o := range k.Options {
			if c.IsSet(o.Name) && !slices.ContainsFunc(asked, func(k *kinds.Kind) bool { return k.Has(o.Name) }) {
				return nil, usage("--%s is not for %s: it is for %s", o.Name, c.Args().First(), strings.Join(kinds.With(o.Name), ", "))
			}
		}
	}
	if err := notFor(c, asked, modelFlags, "models", func(k *kinds.Kind) bool { return k.Takes.Models() }); err != nil {
		return nil, err
	}
	if err := notFor(c, asked, sampleFlags, "data", func(k *kinds.Kind) bool { return k.Data }); err != nil {
		return nil, err
	}
	return asked, nil
}

// notFor is an error if a flag is given that none of the pictures reads.
func notFor(c *cli.Context, asked []*kinds.Kind, flags []cli.Flag, what string, reads func(*kinds.Kind) bool) error {
	for _, f := range flags {
		if name := f.Names()[0]; c.IsSet(name) && !slices.ContainsFunc(asked, reads) {
			return usage("--%s is for pictures of %s, not for %s", name, what, c.Args().First())
		}
	}
	return nil
}
