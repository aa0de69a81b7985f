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

// declares is an op with one parameter.
type declares struct {
	sumOp
	spec nn.ParamSpec
}

func (o declares) Params() []nn.ParamSpec { return []nn.ParamSpec{o.spec} }

func TestBuilderRefusesParametersThatAreNotComplete(t *testing.T) {
	whole := nn.ParamSpec{Name: "gain", Shape: nn.Shape{4}, Role: nn.Scale, FanIn: 1, FanOut: 1}
	for name, c := range map[string]struct {
		change func(s *nn.ParamSpec)
		words  []string
	}{
		"no name":        {func(s *nn.ParamSpec) { s.Name = "" }, []string{"no name", "ParamSpec.Name"}},
		"no fan-in":      {func(s *nn.ParamSpec) { s.FanIn = 0 }, []string{"gain", "fan-in 0", "ParamSpec.FanIn"}},
		"fan-out of −1":  {func(s *nn.ParamSpec) { s.FanOut = -1 }, []string{"gain", "fan-out -1"}},
		"role past last": {func(s *nn.ParamSpec) { s.Role = nn.Constant + 1 }, []string{"gain", "unknown role 7", "ParamSpec.Role"}},
		"negative role":  {func(s *nn.ParamSpec) { s.Role = -1 }, []string{"gain", "unknown role -1"}},
		"zero dimension": {func(s *nn.ParamSpec) { s.Shape = nn.Shape{0} }, []string{"gain", "below 1"}},
	} {
		spec := whole
		c.change(&spec)
		_, err := nn.NewBuilder(nn.Shape{4}).Add("it", bindsTo{declares{sumOp{nn.Shape{4}}, spec}}).Build()
		t.Run(name, func(t *testing.T) { wantError(t, err, append(c.words, `layer "it" (Other)`)...) })
	}
	if _, err := nn.NewBuilder(nn.Shape{4}).Add("it", bindsTo{declares{sumOp{nn.Shape{4}}, whole}}).Build(); err != nil {
		t.Error(err)
	}
}
