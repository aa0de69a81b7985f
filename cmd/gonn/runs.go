package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/runs"
)

func runsCommand() *cli.Command {
	return &cli.Command{
		Name:      "runs",
		Usage:     "the runs of a folder: settings, losses and accuracies",
		ArgsUsage: "[DIR]",
		Description: "Without DIR these are the runs in " + runsRoot + ". DIR may hold sweeps, whose cells are runs, or be a run.\n" +
			"The table has the settings that differ; --columns chooses others. Runs come in the order in\n" +
			"which they began. Nothing is written, and a run may be training.\n\n" +
			"NAME is run, state (finished, training, stopped, failed, imported or unreadable; a training\n" +
			"that failed outside of a sweep has stopped), epochs (done),\n" +
			"best_epoch (lowest loss on the validation data, else on the training data), time (of all\n" +
			"epochs, in seconds), started; a setting as in run.json (act, seed, weight_decay, …; loss_name\n" +
			"and epochs_asked for loss and epochs); of the result train_loss, train_acc, test_loss or\n" +
			"test_acc, with last_ or best_ in front that of the last or the best epoch, if there were\n" +
			"validation data; or a metric of the last epoch (loss, acc, val_loss, last_lr, …).\n\n" +
			"Examples:\n" +
			"  gonn runs --sort test_loss\n" +
			"  gonn runs --filter act=prelu --filter 'epochs>3'\n" +
			"  gonn runs --filter state=training --columns run,epochs,loss,val_loss\n" +
			"  gonn runs sweeps/study --sort -test_acc --json",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "sort", Usage: "from the least `NAME`, or with - in front from the greatest"},
			&cli.StringSliceFlag{Name: "filter", Usage: "only runs that meet `NAME=VALUE`, or !=, <, <=, > or >=; more than once: all of them"},
			&cli.StringFlag{Name: "columns", Usage: "the columns `NAME,NAME,…` of the table"},
			jsonFlag,
		},
		Action: listRuns,
	}
}

func listRuns(c *cli.Context) error {
	dir, err := oneArg(c, "DIR")
	if err != nil {
		return err
	}
	columns, err := columnsOf(c)
	if err != nil {
		return err
	}
	filters, err := filtersOf(c)
	if err != nil {
		return err
	}
	if dir == "" {
		dir = runsRoot
	}
	l, err := runs.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: no such folder; gonn train makes runs in %s", dir, runsRoot)
	}
	if err != nil {
		return err
	}
	of := len(l.Runs)
	for _, name := range columns {
		if err := l.Check(name); err != nil {
			return unknownName("columns", err)
		}
	}
	if by := c.String("sort"); by != "" {
		if err := l.Sort(by); err != nil {
			return unknownName("sort", err)
		}
	}
	if err := l.Keep(filters...); err != nil {
		return unknownName("filter", err)
	}
	return write(c, report.RunsOf(l, of, columns))
}

// columnsOf are the names of --columns, nil without it.
func columnsOf(c *cli.Context) (names []string, err error) {
	if !c.IsSet("columns") {
		return nil, nil
	}
	if c.Bool("json") {
		return nil, usage("--columns is for the table: --json has all of them")
	}
	for name := range strings.SplitSeq(c.String("columns"), ",") {
		if name = strings.TrimSpace(name); name == "" {
			return nil, usage("--columns %s: need names with commas between them, as in run,act,test_loss", c.String("columns"))
		}
		names = append(names, name)
	}
	return names, nil
}

// filtersOf are the conditions of --filter.
func filtersOf(c *cli.Context) (filters []runs.Filter, err error) {
	for _, text := range c.StringSlice("filter") {
		f, err := runs.ParseFilter(text)
		if err != nil {
			return nil, usage("--filter: %w", err)
		}
		filters = append(filters, f)
	}
	return filters, nil
}

// unknownName tells of a flag with a name that no run has: the one that may have been meant, or
// else all of them.
func unknownName(flag string, err error) error {
	var e *runs.UnknownError
	if errors.As(err, &e) {
		if meant := didYouMean(e.Name, e.Known, ""); meant != "" {
			return usage("--%s: no run has %q%s", flag, e.Name, meant)
		}
	}
	return usage("--%s: %w", flag, err)
}
