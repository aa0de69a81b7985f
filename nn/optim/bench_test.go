package optim

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// studySize is how many parameters the study's dense layer has.
const studySize = 25920

func ones() []float32 {
	v := make([]float32, studySize)
	for i := range v {
		v[i] = 1
	}
	return v
}

func BenchmarkStep(b *testing.B) {
	for _, decay := range []float64{0, 0.01} {
		for _, s := range bothSemantics {
			for _, name := range Names {
				c := Config{Name: name, Semantics: s, LR: 1e-6, WeightDecay: decay}
				what := s.String() + "/" + name
				if decay != 0 {
					what += "/decay"
				}
				b.Run(what, func(b *testing.B) {
					w := param(ones()...)
					o, err := New(c, []*nn.Param{w})
					if err != nil {
						b.Fatal(err)
					}
					grads := nn.Grads{w: ones()}
					for b.Loop() {
						if err := o.Step(grads); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(studySize*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mparams/s")
				})
			}
		}
	}
}

func BenchmarkClip(b *testing.B) {
	params := []*nn.Param{param(ones()...)}
	grads := nn.Grads{params[0]: ones()}
	for name, c := range map[string]Clip{"norm": {Norm: 1}, "value": {Value: 0.5}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c.Apply(params, grads)
			}
		})
	}
}
