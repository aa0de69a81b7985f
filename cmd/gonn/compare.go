package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

func compareCommand() *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "does gonn compute what another framework recorded? do two networks answer alike?",
		ArgsUsage: "REFERENCE.onnx [MODEL.onnx]",
		Description: "With recorded data (--inputs and --expected, or ONNX's test_data_set_* folders beside\n" +
			"the reference) it runs the reference in gonn's kernels and holds every output against\n" +
			"the recorded one. Data is as the file takes it: NHWC for Keras. A file that has no\n" +
			"trainable form runs on the reference evaluator, in float64. With a second model, --run,\n" +
			"or a newest run, it also puts both on the same test set, normalised as each was\n" +
			"trained; that informs and never fails.\n\n" +
			"With --engine each engine named is held against the recorded data, or without any\n" +
			"against what the float64 evaluator gives for made-up samples.\n\n" +
			"Exit status: 0 equal, 1 different, 2 could not compare.\n\n" +
			"Examples:\n" +
			"  gonn compare reference.onnx --inputs in.npz --expected out.npz\n" +
			"  gonn compare reference.onnx --engine gonn,reference,gorgonia\n" +
			"  gonn compare reference.onnx --run runs/prelu-001 --limit 2000\n" +
			"  gonn compare reference.onnx model.onnx --json",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "inputs", Usage: "recorded inputs: `A.npy`, or A.npz with the names of the ONNX inputs"},
			&cli.StringFlag{Name: "expected", Usage: "recorded results: `B.npy`, or B.npz with the names of the ONNX outputs"},
			&cli.StringFlag{Name: "tolerance", Value: "close", Usage: "`PRESET`: exact (0), close (atol 1e-5, rtol 1e-5), loose (1e-4, 1e-3) or ulp:N"},
			&cli.Float64Flag{Name: "atol", Usage: "absolute tolerance `X`"},
			&cli.Float64Flag{Name: "rtol", Usage: "tolerance `X` relative to the largest value of the reference tensor"},
			&cli.BoolFlag{Name: "elementwise", Usage: "take --rtol relative to each element, as NumPy does"},
			runFlag, dataFlag, limitFlag, layoutFlag, workersFlag, jsonFlag,
		}, engineFlags...),
		Action: func(c *cli.Context) error {
			err := compare(c)
			var e exitError
			if err != nil && !errors.As(err, &e) {
				err = exitError{err, exitUsage} // 1 is for networks that differ
			}
			return err
		},
	}
}

// compareReport is what --json prints. Equal is missing if there was no recorded
// data to decide it.
type compareReport struct {
	Reference string           `json:"reference"`
	Engine    string           `json:"engine"`           // that runs it: of --engine, or gonn, or reference without a trainable form
	Layout    string           `json:"layout,omitempty"` // of its input, if it is not the network's
	Equal     *bool            `json:"equal,omitempty"`
	Tolerance string           `json:"tolerance,omitempty"`
	Recorded  []recordedReport `json:"recorded,omitempty"`
	Models    *modelsReport    `json:"models,omitempty"`
}

type recordedReport struct {
	Source  string          `json:"source"`
	Engine  string          `json:"engine,omitempty"` // of --engine
	Outputs []parity.Result `json:"outputs"`
}

func compare(c *cli.Context) error {
	if c.NArg() < 1 || c.NArg() > 2 {
		return usage("compare takes REFERENCE.onnx and at most one MODEL.onnx, got %d arguments", c.NArg())
	}
	ref, err := openFile(c.Args().Get(0))
	if err != nil {
		return err
	}
	r := compareReport{Reference: ref.Name, Engine: ref.engine(), Layout: ref.layout()}
	if err := r.compareRecorded(c, ref); err != nil {
		return err
	}
	if err := r.compareModels(c, ref); err != nil {
		return err
	}
	if r.Models == nil && c.IsSet("layout") {
		return usage("--layout is for data sets: recorded data is as the file takes it")
	}
	if r.Equal == nil && r.Models == nil {
		return usage("nothing to compare %s with: give --inputs and --expected, a second MODEL.onnx or --run DIR", ref.Name)
	}
	if c.Bool("json") {
		if err := writeJSON(c.App.Writer, r); err != nil {
			return err
		}
	} else {
		r.print(c.App.Writer)
	}
	if r.Equal != nil && !*r.Equal {
		return exitError{errors.New(""), exitFailed} // the report says it all
	}
	return nil
}

// compareRecorded answers whether gonn computes what was recorded.
func (r *compareReport) compareRecorded(c *cli.Context, ref *source) error {
	tol, err := tolerance(c)
	if err != nil {
		return err
	}
	sets, err := recordedFor(c, ref)
	if err != nil {
		return err
	}
	engines, err := enginesOf(c)
	if err != nil {
		return err
	}
	if len(engines) > 0 {
		r.Engine = c.String("engine")
		return r.compareEngines(engines, ref, sets, tol)
	}
	if len(sets) == 0 {
		return nil
	}
	session, err := ref.open()
	if err != nil {
		return err
	}
	defer session.Close()
	ref.noteForeign(c.App.ErrWriter)
	return r.replay(session, "", ref.ends(), sets, tol)
}

// replay enters what a session, of the named engine if one was asked for, makes of each of
// the recorded sets. The report says equal if all are, also those entered before.
func (r *compareReport) replay(session engine.Session, name string, ends parity.Ends, sets []*parity.Recorded, tol parity.Tolerance) error {
	equal := r.Equal == nil || *r.Equal
	for _, set := range sets {
		outputs, err := parity.Replay(session, ends, set, tol)
		if err != nil {
			return err
		}
		for _, o := range outputs {
			equal = equal && o.Equal
		}
		r.Recorded = append(r.Recorded, recordedReport{Source: set.Source, Engine: name, Outputs: outputs})
	}
	r.Equal, r.Tolerance = &equal, tol.String()
	return nil
}

// recordedFor reads the data of --inputs and --expected, else that beside the reference.
func recordedFor(c *cli.Context, ref *source) ([]*parity.Recorded, error) {
	inputs, expected := c.String("inputs"), c.String("expected")
	switch {
	case (inputs == "") != (expected == ""):
		return nil, usage("--inputs and --expected belong together: give both")
	case inputs == "":
		return parity.FindRecorded(ref.Name, ref.ends())
	}
	set, err := parity.ReadRecorded(inputs, expected)
	return []*parity.Recorded{set}, err
}

func tolerance(c *cli.Context) (parity.Tolerance, error) {
	t, err := parity.ParseTolerance(c.String("tolerance"))
	if err != nil {
		return t, exitError{err, exitUsage}
	}
	if c.IsSet("atol") || c.IsSet("rtol") {
		if c.IsSet("tolerance") {
			return t, usage("--tolerance and --atol or --rtol exclude each other")
		}
		t = parity.Tolerance{Atol: c.Float64("atol"), Rtol: c.Float64("rtol")}
		if !(t.Atol >= 0) || !(t.Rtol >= 0) {
			return t, usage("--atol %v and --rtol %v must be 0 or more", t.Atol, t.Rtol)
		}
	}
	if t.Elementwise = c.Bool("elementwise"); t.Elementwise && t.ByULP {
		return t, usage("--elementwise has no meaning with ulp:N, which counts steps of each element")
	}
	return t, nil
}

func (r *compareReport) print(w io.Writer) {
	fmt.Fprint(w, r.Reference, ranOn(r.Engine))
	if r.Layout != "" {
		fmt.Fprintf(w, " (takes %s)", r.Layout)
	}
	fmt.Fprintln(w)
	for _, set := range r.Recorded {
		fmt.Fprintf(w, "%s, %s:\n", strings.TrimSpace(set.Engine+" against "+set.Source), r.Tolerance)
		for _, o := range set.Outputs {
			verdict := "PASS"
			if !o.Equal {
				verdict = fmt.Sprintf("FAIL (%d elements)", o.Failed)
			}
			fmt.Fprintf(w, "  %s %s: largest error %.3g on a scale of %.3g; worst at [%s]: got %.9g, want %.9g; smallest passing tolerance %.3g: %s\n",
				o.Name, shapeOf(o.Shape), o.MaxError, o.Scale, joinInts(o.Worst.Index), o.Worst.Got, o.Worst.Want, o.Passing, verdict)
		}
	}
	if r.Models != nil {
		r.Models.print(w)
	}
}

func shapeOf(s []int) string { return "(" + joinInts(s) + ")" }

func joinInts(v []int) string {
	parts := make([]string, len(v))
	for i, x := range v {
		parts[i] = fmt.Sprint(x)
	}
	return strings.Join(parts, ", ")
}
