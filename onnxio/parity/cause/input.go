package cause

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// inputChannels tries the channels of an input in the opposite order: RGB against BGR.
func inputChannels(p *place) {
	if !p.input || len(p.shape) != 3 || p.shape[0] < 3 || p.shape[0] > 4 {
		return
	}
	orders := [][]int{{2, 1, 0}}
	if p.shape[0] == 4 {
		orders = [][]int{{2, 1, 0, 3}, {3, 2, 1, 0}, {0, 3, 2, 1}}
	}
	for _, order := range orders {
		p.try(value{
			kind: "input-channels", text: fmt.Sprintf("its channels are in another order than the reference's (RGB against BGR): the network agrees if they are taken as %v", order),
			compute: func(values batch) (*nn.Tensor, error) { return permuteChannels(values[p.name], order), nil },
		})
	}
}

// permuteChannels takes channel order[i] for channel i, or blocks of elements of a vector.
func permuteChannels(x *nn.Tensor, order []int) *nn.Tensor {
	y := nn.NewTensor(x.Shape...)
	size := len(x.Data) / x.Shape[0] / len(order)
	for i := range x.Shape[0] {
		from, to := x.Sample(i), y.Sample(i)
		for c, o := range order {
			copy(to[c*size:(c+1)*size], from[o*size:(o+1)*size])
		}
	}
	return y
}

// scale is a factor and an offset, for all channels or for each.
type scale struct {
	factor, offset []float32
	text           string
}

func one(factor, offset float32, text string) scale {
	return scale{[]float32{factor}, []float32{offset}, text}
}

// inverse undoes a scale.
func (s scale) inverse() scale {
	r := scale{text: "the inverse of " + s.text}
	for i, f := range s.factor {
		r.factor, r.offset = append(r.factor, 1/f), append(r.offset, -s.offset[i]/f)
	}
	return r
}

// then is a scale followed by another one.
func (s scale) then(t scale) scale {
	r := scale{text: s.text + ", then " + t.text}
	for i := range max(len(s.factor), len(t.factor)) {
		k, l := min(i, len(s.factor)-1), min(i, len(t.factor)-1)
		r.factor = append(r.factor, s.factor[k]*t.factor[l])
		r.offset = append(r.offset, s.offset[k]*t.factor[l]+t.offset[l])
	}
	return r
}

// normalised is the scale (x − mean)/deviation.
func normalised(text string, mean, deviation []float32) scale {
	s := scale{text: text}
	for i, d := range deviation {
		s.factor, s.offset = append(s.factor, 1/d), append(s.offset, -mean[i]/d)
	}
	return s
}

// usualScales are the usual scalings of pixels for images of some channels.
func usualScales(channels int) []scale {
	list := []scale{
		one(1./255, 0, "x/255"), one(1./256, 0, "x/256"), one(1./128, -1, "x/128 − 1"), one(2, -1, "2x − 1"),
		one(1./127.5, -1, "x/127.5 − 1"), one(-1, 1, "1 − x"), one(-1, 255, "255 − x"), one(-1, 0, "−x"),
		one(1, -0.5, "x − 0.5"), one(2, 0, "2x"), one(1, -1, "x − 1"), one(1, -128, "x − 128"),
	}
	norms := []scale{normalised("(x − 0.1307)/0.3081, MNIST's", []float32{0.1307}, []float32{0.3081})}
	if channels == 3 {
		mean, dev := []float32{0.485, 0.456, 0.406}, []float32{0.229, 0.224, 0.225}
		norms = append(norms,
			normalised("(x − mean)/deviation of ImageNet", mean, dev),
			normalised("x − mean of ImageNet", mean, []float32{1, 1, 1}),
			normalised("x/deviation of ImageNet", []float32{0, 0, 0}, dev),
			normalised("(x − mean)/deviation of CIFAR-10", []float32{0.4914, 0.4822, 0.4465}, []float32{0.2470, 0.2435, 0.2616}),
			normalised("(x − mean)/deviation of CIFAR-10", []float32{0.4914, 0.4822, 0.4465}, []float32{0.2023, 0.1994, 0.2010}),
			normalised("x − mean in B, G, R order, Caffe's", []float32{103.939, 116.779, 123.68}, []float32{1, 1, 1}),
			normalised("(x − mean)/deviation of CLIP", []float32{0.48145466, 0.4578275, 0.40821073}, []float32{0.26862954, 0.26130258, 0.27577711}))
	} else {
		norms = append(norms,
			normalised("(x − mean)/deviation of ImageNet's first channel", []float32{0.485}, []float32{0.229}),
			normalised("(x − 0.2860)/0.3530, Fashion-MNIST's", []float32{0.2860}, []float32{0.3530}))
	}
	bytes := list[0]
	for _, n := range norms {
		list = append(list, n, bytes.then(n))
	}
	for _, s := range list[:len(list):len(list)] {
		list = append(list, s.inverse())
	}
	return list
}

// inputScale tries the usual scalings of pixels.
func inputScale(p *place) {
	if !p.input || len(p.shape) == 0 {
		return
	}
	for _, s := range usualScales(p.shape[0]) {
		p.try(p.rescaled(s))
	}
}

func (p *place) rescaled(s scale) value {
	return value{
		kind: "input-scale", text: "its values are scaled differently than the reference's: the network agrees with " + s.text + " of it",
		compute: func(values batch) (*nn.Tensor, error) { return s.of(values[p.name]), nil },
	}
}

// of scales a batch.
func (s scale) of(x *nn.Tensor) *nn.Tensor {
	y := nn.NewTensor(x.Shape...)
	size := nn.Shape(x.Shape[2:]).Size()
	for i, v := range x.Data {
		c := i / size % x.Shape[1]
		y.Data[i] = v*s.factor[min(c, len(s.factor)-1)] + s.offset[min(c, len(s.offset)-1)]
	}
	return y
}

// fitInputScale finds any factor and offset, for all channels and for each.
func fitInputScale(p *place) {
	if !p.input || len(p.shape) == 0 {
		return
	}
	p.fitScale(1)
	if c := p.shape[0]; c > 1 && c <= 4 && len(p.shape) == 3 {
		p.fitScale(c)
	}
}

// fitScale starts from several factors, the best ones of a first look.
func (p *place) fitScale(channels int) {
	make := func(x []float64) value {
		s := scale{factor: floats(x[:channels]), offset: floats(x[channels:])}
		s.text = fmt.Sprintf("about %.4g·x + %.4g", s.factor, s.offset)
		if channels == 1 {
			s.text = fmt.Sprintf("about %.4g·x + %.4g", s.factor[0], s.offset[0])
		}
		return p.rescaled(s)
	}
	best, least := 1.0, math.Inf(1)
	for k := -10; k <= 10; k++ {
		f := math.Pow(2, float64(k))
		if e := p.try(make(start(channels, f))); e < least {
			best, least = f, e
		}
	}
	for _, f := range []float64{1, best} {
		p.fit(make, start(channels, f))
		if best == 1 {
			break
		}
	}
}

// start is a factor and an offset of 0 for each channel.
func start(channels int, factor float64) []float64 {
	x := make([]float64, 2*channels)
	for i := range channels {
		x[i] = factor
	}
	return x
}
