package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// bindsTo is a layer that is always the same op.
type bindsTo struct{ op.Op }

func (bindsTo) Kind() string                     { return "Other" }
func (bindsTo) Stem() string                     { return "other" }
func (l bindsTo) Bind([]nn.Shape) (op.Op, error) { return l.Op, nil }

type (
	inPlace   struct{ sumOp }
	view      struct{ sumOp }
	scratcher struct{ sumOp }
	// synchronizedOnce is a synchronized op that loses it when it is split.
	synchronizedOnce struct {
		sumOp
		op.Synchronized
	}
)

func (inPlace) InPlace() bool                   { return true }
func (view) View(training bool) bool            { return !training }
func (scratcher) Scratch() int                  { return -1 }
func (synchronizedOnce) Shape() nn.Shape        { return nn.Shape{4} }
func (synchronizedOnce) Params() []nn.ParamSpec { return nil }
func (synchronizedOnce) MACs() int              { return 0 }
func (synchronizedOnce) Forward(*op.Call)       {}
func (synchronizedOnce) Backward(*op.Call)      {}
func (o synchronizedOnce) Split(int, int) op.Op { return o.sumOp }

func TestBuilderRefusesOpsThatContradictThemselves(t *testing.T) {
	small, same := sumOp{nn.Shape{3}}, sumOp{nn.Shape{4}}
	for name, c := range map[string]struct {
		op    op.Op
		in    []string
		words []string
	}{
		"in place, another size": {inPlace{small}, []string{nn.InputName}, []string{"in place", "(4)", "(3)"}},
		"a view, another size":   {view{small}, []string{nn.InputName}, []string{"view", "(4)", "(3)"}},
		"negative scratch":       {scratcher{same}, []string{nn.InputName}, []string{"-1 floats"}},
		"synchronized, split":    {synchronizedOnce{sumOp: same}, []string{nn.InputName}, []string{"statistics", "Split"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := nn.NewBuilder(nn.Shape{4}).Add("it", bindsTo{c.op}, c.in...).Build()
			wantError(t, err, append(c.words, `layer "it" (Other)`)...)
		})
	}
	_, err := nn.NewBuilder(nn.Shape{4}).Add("it", bindsTo{sumOp{nn.Shape{}}}).Build()
	wantError(t, err, `layer "it" (Other)`, "empty shape")
	if _, err := nn.NewBuilder(nn.Shape{4}).Add("it", bindsTo{inPlace{same}}).Build(); err != nil {
		t.Error(err)
	}
}
