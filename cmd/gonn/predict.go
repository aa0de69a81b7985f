package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report"
)

func predictCommand() *cli.Command {
	return &cli.Command{
		Name:      "predict",
		Usage:     "classify pictures",
		ArgsUsage: "[MODEL.onnx] IMAGE…",
		Description: "Pictures are PNG or JPEG of any size; they are resized to the network's input, as those\n" +
			"that it was trained on, in grey or colour as it takes them. A file that leaves the size\n" +
			"of its input open takes each picture at its own. Pixels 0…255 become 0…1 and are\n" +
			"normalised as the network was trained, unless flags say otherwise. A file that has no\n" +
			"trainable form runs on the reference evaluator, slowly.\n\n" +
			"Examples:\n" +
			"  gonn predict seven.png             with the newest run\n" +
			"  gonn predict model.onnx a.png b.jpg --json\n" +
			"  gonn predict model.onnx a.png --mean 0.1307 --std 0.3081",
		Flags: slices.Concat([]cli.Flag{
			runFlag,
			&cli.StringFlag{Name: "resize", Usage: "how pictures get the network's size: `MODE` squash, crop or pad", DefaultText: "as it was trained, else squash"},
			sizeFlag, layoutFlag, jsonFlag,
		}, engineFlags, evaluatorFlags, normFlags),
		Action: limited(predict),
	}
}

func predict(c *cli.Context) error {
	images := c.Args().Slice()
	path := ""
	if len(images) > 0 && isModel(images[0]) {
		path, images = images[0], images[1:]
	}
	if len(images) == 0 {
		return usage("predict needs a picture, as in gonn predict seven.png")
	}
	m, err := openModel(c, path)
	if err != nil {
		return err
	}
	defer m.Close()
	var all report.Predictions
	groups, err := bySize(c, m, images)
	if err != nil {
		return err
	}
	for i, group := range groups {
		some, err := predictGroup(c, m, group, i == 0)
		if err != nil {
			return err
		}
		all = append(all, some...)
	}
	return write(c, all)
}

// isModel reports whether an argument is a model and not a picture: a file of ONNX's name
// or a folder.
func isModel(path string) bool {
	info, err := os.Stat(path)
	return strings.HasSuffix(path, ".onnx") || err == nil && info.IsDir()
}

// pictures are some that a model takes in one size, of height × width where it leaves that
// open.
type pictures struct {
	paths         []string
	height, width int
}

// bySize puts pictures into groups: one, or for a model that takes any size one for each run
// of pictures of the same size.
func bySize(c *cli.Context, m *model.Model, paths []string) ([]pictures, error) {
	if c.IsSet("size") || !m.AnySize() {
		return []pictures{{paths: paths}}, nil
	}
	var groups []pictures
	for _, path := range paths {
		h, w, err := data.PictureSize(path)
		if err != nil {
			return nil, err
		}
		if last := len(groups) - 1; last >= 0 && groups[last].height == h && groups[last].width == w {
			groups[last].paths = append(groups[last].paths, path)
			continue
		}
		groups = append(groups, pictures{[]string{path}, h, w})
	}
	return groups, nil
}

// fix gives a model that leaves the size of its input open that of the pictures.
func (p pictures) fix(m *model.Model) error {
	m.Fix(nn.Shape{p.height, p.width})
	if m.Foreign == nil || !errors.Is(m.Foreign.Why, onnxio.ErrTooLarge) {
		return nil
	}
	return usage("%s has %d × %d pixels, too many for %s (%w): give --size, as in --size 224x224", p.paths[0], p.width, p.height, m.Name, m.Foreign.Why)
}

// load reads the pictures as samples of a model, which it makes ready for them: normFlags, --size
// and --resize say how.
func (p pictures) load(c *cli.Context, m *model.Model) (*data.Images, error) {
	var size nn.Shape
	if p.height > 0 {
		size = nn.Shape{p.height, p.width}
		if err := p.fix(m); err != nil {
			return nil, err
		}
	}
	if err := prepare(c, size, m); err != nil {
		return nil, err
	}
	if err := applyNormFlags(c, m); err != nil {
		return nil, err
	}
	shape, err := m.SampleShape(p.height, p.width)
	if err != nil {
		return nil, err
	}
	resize, err := data.ParseResize(c.String("resize"))
	if err != nil {
		return nil, usage("--resize: %w", err)
	}
	if !c.IsSet("resize") {
		resize = m.Resize()
	}
	loaded, err := data.LoadResized(shape, resize, p.paths...)
	if err == nil && resize.Mode == "" {
		err = p.noteSquashed(c, shape)
	}
	return loaded, err
}

// noteSquashed notes that nobody has chosen how pictures of other proportions than those of the
// samples become these.
func (p pictures) noteSquashed(c *cli.Context, shape nn.Shape) error {
	first, count := "", 0
	for _, path := range p.paths {
		h, w, err := data.PictureSize(path)
		if err != nil {
			return err
		}
		if h*shape[2] == w*shape[1] {
			continue
		}
		if count++; count == 1 {
			first = fmt.Sprintf("%s (%d × %d, height × width)", path, h, w)
		}
	}
	squashed := fmt.Sprintf("other proportions than %d × %d", shape[1], shape[2])
	switch count {
	case 0:
		return nil
	case 1:
		squashed = fmt.Sprintf("%s has %s and is squashed", first, squashed)
	default:
		squashed = fmt.Sprintf("%s and %d more have %s and are squashed", first, count-1, squashed)
	}
	note(c, []string{squashed + "; --resize crop or --resize pad keeps proportions"})
	return nil
}

// predictGroup classifies pictures of one size. Notes on the model are for the first group.
func predictGroup(c *cli.Context, m *model.Model, g pictures, first bool) (report.Predictions, error) {
	loaded, err := g.load(c, m)
	if err != nil {
		return nil, err
	}
	loss, err := m.Loss()
	if err != nil {
		return nil, err
	}
	if first {
		note(c, append(m.Notes(), m.PixelNotes()...))
	}
	y, err := answers(c, m, loaded)
	if err != nil {
		return nil, err
	}
	if err := allAnswered(m, loaded, g.paths, y); err != nil {
		return nil, err
	}
	var all report.Predictions
	for i, p := range m.Probabilities(loss, y) {
		all = append(all, report.PredictionOf(g.paths[i], p, m.ClassNames()))
	}
	return all, nil
}

// allAnswered is an error if the output for a picture is not a number.
func allAnswered(m *model.Model, pictures nn.Samples, paths []string, y *nn.Tensor) error {
	output, first, failed := m.Net.Output(), 0, 0
	for i := range paths {
		if output.Class(y.Sample(i)) == nn.NoClass {
			if failed++; failed == 1 {
				first = i
			}
		}
	}
	more := ""
	switch failed {
	case 0:
		return nil
	case 1:
	case 2:
		more = ", nor for one more picture"
	default:
		more = fmt.Sprintf(", nor for %d more pictures", failed-1)
	}
	return fmt.Errorf("%s: the answer of %s is not a number%s: %s", paths[first], m.Name, more, m.WhyNoClass(pictures, first))
}

// answers is what a model gives for samples: on the engine of --engine if there is one.
func answers(c *cli.Context, m *model.Model, samples nn.Samples) (*nn.Tensor, error) {
	engines, err := enginesOf(c)
	switch {
	case err != nil:
		return nil, err
	case len(engines) > 1:
		return nil, usage("--engine %s: %s takes one", strings.Join(c.StringSlice("engine"), ","), c.Command.Name)
	case len(engines) == 0:
		return m.Predict(samples, 0)
	}
	y, err := m.PredictOn(engines[0], samples)
	return y, onEngine(engines[0], err)
}
