package parity

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/parity/cause"
)

// Report is how a model compares with a reference, layer by layer.
type Report struct {
	// Model is what was held, Source what against.
	Model  string `json:"model,omitempty"`
	Source string `json:"source,omitempty"`
	// Equal reports whether the outputs are equal, and those of all plans.
	Equal bool `json:"equal"`
	// Answer says in one sentence what was found.
	Answer string `json:"answer"`
	// FirstWrong is the first layer that is wrong by itself; nil if there is none, or it is
	// not known which.
	FirstWrong *FirstWrong `json:"first_wrong"`
	// Fault is true if the file in float64 gives what was recorded, and gonn does not.
	Fault bool `json:"fault,omitempty"`
	// Cause is a correction that makes the outputs equal; nil if none is known.
	Cause *Cause `json:"cause"`
	// Output compares the model's output with the reference's.
	Output *Errors `json:"output"`
	// Layers are in the network's order. Those that are missing in it stand where the
	// reference has them.
	Layers []Layer `json:"layers"`
	Plans  []Plan  `json:"plans"`
	// Unplaced are recorded tensors that are no layer's output.
	Unplaced []Unplaced `json:"unplaced"`
	// Truth tells how far both sides' outputs are from the file's in float64; nil if that
	// was not computed.
	Truth *Truth `json:"truth,omitempty"`
	// Notes say what could not be done, one sentence each.
	Notes []string `json:"notes,omitempty"`
	// Took is how long the comparison took.
	Took time.Duration `json:"-"`

	// blind is the atol that the whole output lies within, while its values differ; 0 if not.
	blind float64
}

// within reports whether values pass by atol alone, since the largest is not above it, though they
// differ by more than rounding. A large atol is meant so.
func (e *Errors) within(t Tolerance) bool {
	return !t.ByULP && t.Atol <= 1e-3 && e.Scale > 0 && float64(e.Scale) <= t.Atol && e.relative() > 1e-3
}

// FirstWrong is the first layer that does not compute what the reference does.
type FirstWrong struct {
	// Layer is the reference's name of the layer, of the input or of the output, or the
	// network's if the reference has none.
	Layer string   `json:"layer"`
	Own   string   `json:"own,omitempty"` // the network's name, if it has such a layer
	Value string   `json:"value"`         // the file's, "" if there is none
	Nodes []string `json:"nodes"`
	// Isolated and Accumulated are the largest errors relative to the largest value.
	Isolated    Number   `json:"isolated"`
	Accumulated Number   `json:"accumulated"`
	Worst       *Element `json:"worst,omitempty"` // of the isolated error
	// Gives is the shape of what the layer gives, and Shape that of the reference's value, if they
	// are not the same.
	Gives nn.Shape `json:"gives,omitempty"`
	Shape nn.Shape `json:"shape,omitempty"`
	// Guessed: only its order or its shape say that what was recorded is this layer's.
	Guessed bool `json:"guessed,omitempty"`
	// Behind is the network's last layer, if all layers give what was recorded for them and the
	// reference computes its output behind that.
	Behind string `json:"behind,omitempty"`
	// With are layers in front that the reference has no value of: one of them may be the wrong
	// one instead.
	With []string `json:"with,omitempty"`
}

// Cause is a correction of one layer that makes the outputs equal.
type Cause struct {
	Kind   string `json:"kind"` // one of cause.Kinds
	Text   string `json:"text"`
	Layer  string `json:"layer"`
	Before Number `json:"before"` // error of the outputs, as a share of the tolerance
	After  Number `json:"after"`  // with the correction
	// Uncorrected: the correction is known by kind alone, and was not tried on the outputs.
	Uncorrected bool `json:"uncorrected,omitempty"`
}

func causeOf(c *cause.Cause) *Cause {
	return &Cause{Kind: c.Kind, Text: c.Text, Layer: c.Layer, Before: Number(c.Before), After: Number(c.After), Uncorrected: c.Uncorrected}
}

// relative is the largest error relative to the largest value.
func (e *Errors) relative() Number {
	if e == nil {
		return 0
	}
	if e.MaxError == 0 {
		return 0
	}
	return e.MaxError / e.Scale
}

// standsOut is how many times as far off as the layers are in the middle one must be that is
// wrong by itself. All layers of a model whose weights are noisy are off.
const standsOut = 10

// mostNoise is how far off the layers of a noisy model may be by themselves. What is farther
// off everywhere has other weights.
const mostNoise = 1e-3

// noise is the isolated error in the middle of those layers that have weights.
func noise(layers []Layer) Number {
	var all []Number
	for _, l := range layers {
		if l.Isolated != nil && l.weighs {
			all = append(all, l.Isolated.relative())
		}
	}
	if len(all) < 3 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// firstWrong is the first row that does not hold, and stands out; one whose recorded value may be
// another's, or cannot be, only if there is no other.
func firstWrong(im *onnxio.Imported, layers []Layer) *FirstWrong {
	most := Number(0)
	if in := noise(layers); in <= mostNoise {
		most = standsOut * in
	}
	var first *Layer
	for i, l := range layers {
		switch {
		case l.Verdict != Wrong && l.Verdict != Missing || l.Training:
		case l.Isolated != nil && l.Isolated.relative() <= most && l.Verdict == Wrong:
		case first == nil || l.doubt() < first.doubt():
			first = &layers[i]
		}
	}
	if first == nil {
		return nil
	}
	f := &FirstWrong{Layer: nameFor(im, *first), Value: first.Value, Nodes: first.Nodes, Own: first.Layer, Guessed: first.Guessed,
		Isolated: first.Isolated.relative(), Accumulated: first.Accumulated.relative(), With: unseen(layers, *first)}
	if first.Isolated != nil {
		f.Worst = &first.Isolated.Worst
	}
	if first.misfit != nil {
		f.Gives, f.Shape = append(nn.Shape{first.misfit[0]}, first.Shape...), first.misfit
	}
	return f
}

// doubt is how little the recorded value of a layer says: 0 for one that is its own.
func (l Layer) doubt() int {
	switch {
	case l.refuted:
		return 2
	case l.Guessed:
		return 1
	}
	return 0
}

// unseen are the layers in front of one, up to the nearest values of the reference, that compute
// something and were not recorded.
func unseen(layers []Layer, of Layer) (names []string) {
	rows := map[string]Layer{}
	for _, l := range layers {
		rows[l.Layer] = l
	}
	seen := map[string]bool{}
	var back func(l Layer)
	back = func(l Layer) {
		for _, in := range l.Inputs {
			front, ok := rows[in]
			if !ok || seen[in] || front.Verdict != NotRecorded && !front.Guessed {
				continue
			}
			seen[in] = true
			back(front)
			if front.Kind != "Flatten" && front.Kind != "Reshape" {
				names = append(names, in)
			}
		}
	}
	if of.Layer != "" {
		back(of)
	}
	return names
}

// answer puts what was found into one sentence. inside is the first layer that differs, if the
// outputs do or not.
func (r *Report) answer(inside *FirstWrong) string {
	inner := 0
	var worst *Layer
	for i, l := range r.Layers {
		if l.Isolated == nil {
			continue
		}
		inner++
		if worst == nil || l.Isolated.relative() > worst.Isolated.relative() {
			worst = &r.Layers[i]
		}
	}
	f := r.FirstWrong
	switch {
	case r.Equal && r.blind > 0:
		return fmt.Sprintf("Equal by --atol %g alone: the outputs differ by %.2g of their scale, and the largest, %.2g, is below it; --atol 0 holds them by their scale.",
			r.blind, r.Output.relative(), r.Output.Scale)
	case r.Equal && inside != nil:
		return fmt.Sprintf("Equal: the outputs agree to %.2g of their scale, though inside %s differs from what was recorded.", r.Output.relative(), inside.Layer)
	case r.Equal && inner > 1 && r.Output.relative() == 0 && worst.Isolated.relative() == 0:
		return fmt.Sprintf("Equal: the outputs agree exactly, and so do all of %d layers by themselves.", inner)
	case r.Equal && inner > 1:
		return fmt.Sprintf("Equal: the outputs agree to %.2g of their scale, and of %d layers by themselves the farthest, %s, to %.2g: only rounding.",
			r.Output.relative(), inner, worst.Layer, worst.Isolated.relative())
	case r.Equal:
		return fmt.Sprintf("Equal: the outputs agree to %.2g of their scale.", r.Output.relative())
	case r.Fault && f != nil:
		return fmt.Sprintf("Different, and the fault is gonn's: the file in float64 gives what was recorded, but %s is off by %.2g of its scale from that. Please report it.", f.Layer, f.Isolated)
	case r.Fault:
		return "Different, and the fault is gonn's: the file in float64 gives what was recorded. Please report it."
	case r.Cause != nil:
		return fmt.Sprintf("Different: %s", r.Cause.Text)
	case math.IsInf(float64(r.Output.Passing), 0):
		return "Different: the output has a value that is not finite where the reference has another; no tolerance passes."
	case f != nil && noise(r.Layers) > mostNoise:
		return fmt.Sprintf("Different: from %s on the layers are off by themselves, in the middle by %.2g of their scale: the weights are others.", f.Layer, noise(r.Layers))
	case f != nil && f.Behind != "":
		return fmt.Sprintf("Different: the layers give what was recorded for them, %s too, and the output is another by %.2g of its scale: the reference computes more behind %s.", f.Behind, f.Isolated, f.Behind)
	case f != nil && f.Shape != nil:
		return fmt.Sprintf("Different: %s is the first layer that is wrong by itself: it gives %v, and the reference %v.", f.Layer, f.Gives, f.Shape)
	case f != nil && f.Guessed:
		return fmt.Sprintf("Different: %s may be the first layer that is wrong by itself: it is off by %.2g of the scale of what was recorded, of which only the order or the shape say that it is this layer's.", f.Layer, f.Isolated)
	case f != nil && len(f.With) > 0:
		return fmt.Sprintf("Different: the first layer that is wrong by itself is %s, or one in front of it that was not recorded (%s): fed the reference's inputs they are off by %.2g of its scale.", f.Layer, listed(f.With), f.Isolated)
	case f != nil && f.Layer != "":
		return fmt.Sprintf("Different: %s is the first layer that is wrong by itself: fed the reference's inputs it is off by %.2g of its scale.", f.Layer, f.Isolated)
	case r.failedPlan() != nil:
		p := r.failedPlan()
		return fmt.Sprintf("Different: gonn's own plan %q on %s is off by %.2g of the output's scale from layer by layer.", p.Name, p.Backend, p.Error)
	case f == nil && noise(r.Layers) > 1e-6:
		return fmt.Sprintf("Different: no layer stands out: in the middle they are off by %.2g of their scale each, and the output by %.2g.", noise(r.Layers), r.Output.relative())
	case inner > 1:
		return fmt.Sprintf("Different: no layer is wrong by itself, but rounding grows to %.2g of the output's scale; --atol and --rtol %.2g would pass.",
			r.Output.relative(), r.Output.Passing)
	case r.Truth != nil && r.Truth.Reference != nil && *r.Truth.Reference > 10*r.Truth.Own:
		return fmt.Sprintf("Different: the file is not what was recorded: computed in float64 it is off by %.2g of the output's scale, and gonn from that by %.2g.",
			*r.Truth.Reference, r.Truth.Own)
	}
	return fmt.Sprintf("Different: the output is off by %.2g of its scale; --atol and --rtol %.2g would pass.", r.Output.relative(), r.Output.Passing)
}

func (r *Report) failedPlan() *Plan {
	for i, p := range r.Plans {
		if p.Skipped == "" && !p.Equal {
			return &r.Plans[i]
		}
	}
	return nil
}
