package kinds

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/saliency"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

var saliencies = &Kind{
	Name: "saliency", Usage: "which pixels the score of a class depends on: input gradients and Grad-CAM",
	Takes: OneModel, Trainable: true, Data: true, Pictures: true,
	Options: []Option{
		layerOption, sampleOption, trainOption,
		{Name: "class", Usage: "explain the score of the class `NAME` or number, not of the predicted one"},
		{Name: "smooth", Usage: "SmoothGrad: the mean gradient of `N` noisy copies of each picture"},
	},
	Draw: drawSaliency,
}

// maxSalient bounds the pictures.
const maxSalient = 16

// noise of SmoothGrad, as a part of the range of a picture.
const noise = 0.15

func drawSaliency(in *Input) (*plot.Figure, error) {
	src, err := in.one("saliency")
	if err != nil {
		return nil, err
	}
	net, err := trainable(src.Model)
	if err != nil {
		return nil, err
	}
	e, err := explainer(in, net)
	if err != nil {
		return nil, err
	}
	s, err := in.samplesOf(src, 4, maxSalient)
	if err != nil {
		return nil, err
	}
	predicted, p, err := s.answers(src.Model, net)
	if err != nil {
		return nil, err
	}
	explained, err := classesAsked(in, src.Model, predicted)
	if err != nil {
		return nil, err
	}
	ex, how, err := explain(in, e, s, explained)
	if err != nil {
		return nil, err
	}
	f := &plot.Figure{
		Title: "What " + src.Name + " looks at", Aspect: s.aspect(),
		Note: "picture and answer; " + how + " of the score of a class by the pixels: orange raises it, blue lowers it",
	}
	if e.Layer() != "" {
		f.Note += "; Grad-CAM at " + e.Layer()
	}
	f.Panels = saliencyPanels(s, ex, titlesOf(s, ex, src.Model.ClassNames(), predicted, explained, p), f.Aspect)
	if f.Columns = len(f.Panels) / len(s.pictures); len(s.pictures) > 1 {
		f.Columns *= 2
	}
	return f, nil
}

// explainer looks at the layer of --layer.
func explainer(in *Input, net *nn.Network) (*saliency.Explainer, error) {
	layer := in.Text(layerOption.Name, "")
	e, err := saliency.New(net, saliency.Options{Layer: layer, Workers: in.Workers})
	if err != nil && layer != "" {
		return nil, Usage("--layer %s: %w", layer, err)
	}
	return e, err
}

// explain explains the scores of classes, with the gradient of --smooth; how names that.
func explain(in *Input, e *saliency.Explainer, s *samples, classes []int) (ex *saliency.Explanation, how string, err error) {
	copies, err := in.Int("smooth", 0, 1, 1000)
	if err != nil {
		return nil, "", err
	}
	if ex, err = e.Explain(s.x, classes); err != nil || copies == 0 {
		return ex, "gradient", err
	}
	ex.Gradient, err = e.SmoothGrad(s.x, classes, saliency.Smooth{Copies: copies, Noise: noise, Seed: 1})
	return ex, fmt.Sprintf("SmoothGrad (%d copies)", copies), err
}

// titlesOf are the titles of the panels, those of a picture behind one another.
func titlesOf(s *samples, ex *saliency.Explanation, names data.ClassNames, predicted, explained []int, p [][]float32) []string {
	var titles []string
	for i := range s.pictures {
		of := className(names, explained[i])
		titles = append(titles, s.answer(i, names, predicted[i], p[i]), "gradient of: "+of)
		switch {
		case ex.CAM == nil:
		case largest(ex.CAM.Sample(i)) == 0:
			titles = append(titles, "Grad-CAM of: "+of+" is 0")
		default:
			titles = append(titles, "Grad-CAM of: "+of)
		}
	}
	return titles
}

func saliencyPanels(s *samples, ex *saliency.Explanation, titles []string, aspect float64) []*plot.Panel {
	each := len(titles) / len(s.pictures)
	inLines(titles, min(2, len(s.pictures))*each)
	var panels []*plot.Panel
	for i, img := range s.pictures {
		t := titles[i*each:]
		panels = append(panels, framed(t[0], img, aspect), framed(t[1], gradientPicture(ex.Gradient, i), aspect))
		if ex.CAM != nil {
			panels = append(panels, framed(t[2], overlay(img, ex.CAM, i), aspect))
		}
	}
	return panels
}

// answer is the title of a picture: its class, if it is known, and what it was taken for.
func (s *samples) answer(i int, names data.ClassNames, predicted int, p []float32) string {
	taken := fmt.Sprintf("%s (%.2f)", className(names, predicted), p[predicted])
	if s.labels[i] >= 0 {
		return className(names, s.labels[i]) + " → " + taken
	}
	return table.Shorten(s.names[i], maxName) + ": " + taken
}

// classesAsked are the classes to explain: that of --class for all, else the predicted ones.
func classesAsked(in *Input, m *model.Model, predicted []int) ([]int, error) {
	asked := in.Text("class", "")
	if asked == "" {
		return predicted, nil
	}
	all, names := model.Classes(m.Net), m.ClassNames()
	class, err := strconv.Atoi(asked)
	for k := range names {
		if names[k] == asked {
			class, err = k, nil
		}
	}
	if err != nil || class < 0 || class >= all {
		return nil, Usage("--class %s: the network has classes 0 to %d%s", asked, all-1, namesIfAny(names))
	}
	same := make([]int, len(predicted))
	for i := range same {
		same[i] = class
	}
	return same, nil
}

func namesIfAny(names data.ClassNames) string {
	if names == nil {
		return ""
	}
	return ": " + names.String()
}

// gradientPicture is the gradient of sample i in colours from blue to orange, with white for 0. Of
// several channels it is the gradient that is largest at a pixel, as in Simonyan et al. 2013, with
// its sign.
func gradientPicture(g *nn.Tensor, i int) *image.RGBA {
	h, w := g.Shape[2], g.Shape[3]
	v := make([]float32, h*w)
	for k, x := range g.Sample(i) {
		if at := k % (h * w); x != x || math.Abs(float64(x)) > math.Abs(float64(v[at])) {
			v[at] = x
		}
	}
	t := &tiles{maps: [][]color.RGBA{diverging(v, largest(v))}, h: h, w: w, columns: 1}
	return t.draw()
}

// hot is a colour that stands out on black and on white.
var hot = plot.Diverging.At(5. / 6)

// overlay lays the map of sample i, (N, h, w) stretched to a picture by bilinear interpolation,
// over it in grey: the larger the value, the less of the picture is seen.
func overlay(under image.Image, cam *nn.Tensor, i int) *image.RGBA {
	const fine = 160 // pixels of the smaller side, so that the map is smooth
	b := under.Bounds()
	times := max(1, (fine+min(b.Dx(), b.Dy())-1)/min(b.Dx(), b.Dy()))
	img := image.NewRGBA(image.Rect(0, 0, b.Dx()*times, b.Dy()*times))
	v := cam.Sample(i)
	most := max(largest(v), 1e-30)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			grey := color.GrayModel.Convert(under.At(b.Min.X+x/times, b.Min.Y+y/times)).(color.Gray).Y
			at := bilinear(v, cam.Shape[1], cam.Shape[2], (float64(y)+0.5)/float64(img.Rect.Dy()), (float64(x)+0.5)/float64(img.Rect.Dx()))
			if at-at != 0 {
				img.SetRGBA(x, y, missing)
				continue
			}
			img.SetRGBA(x, y, plot.Mix(color.RGBA{grey, grey, grey, 0xff}, hot, 0.7*at/most))
		}
	}
	return img
}

// bilinear is a map of h × w at a place from 0 to 1 in each direction, its values being in the
// middle of their pixels.
func bilinear(v []float32, h, w int, y, x float64) float64 {
	place := func(at float64, n int) (int, int, float64) {
		at = min(max(at*float64(n)-0.5, 0), float64(n-1))
		i := min(int(at), max(n-2, 0))
		return i, min(i+1, n-1), at - float64(i)
	}
	y0, y1, dy := place(y, h)
	x0, x1, dx := place(x, w)
	at := func(y, x int) float64 { return float64(v[y*w+x]) }
	return (1-dy)*((1-dx)*at(y0, x0)+dx*at(y0, x1)) + dy*((1-dx)*at(y1, x0)+dx*at(y1, x1))
}
