package nn_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/internal/golden"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/data/mnist"
)

// The goldens are what PyTorch and Keras themselves computed for the study's
// network: testdata/ref holds the scripts, each case.json the versions.
const goldenDir = "../testdata/golden"

// goldenActs are the cases of each framework. A folder that is missing is an error.
var goldenActs = []string{
	"leaky:-1", "leaky:-0.5", "leaky:0", "leaky:0.5", "leaky:1",
	"prelu:one", "prelu:channel", "prelu:element",
	"swish", "swish-beta:one", "swish-beta:channel", "mish",
}

// goldenFolder is the folder of an activation: leaky:-0.5 has leaky-m0.5.
func goldenFolder(spelled string) string {
	return strings.NewReplacer(":-", "-m", ":", "-", "swish-beta:one", "swish-beta").Replace(spelled)
}

func TestStudyEqualsPyTorchAndKeras(t *testing.T) {
	for _, framework := range []nn.Semantics{nn.PyTorch, nn.Keras} {
		for i, spelled := range goldenActs {
			if testing.Short() && i%4 != 0 {
				continue
			}
			t.Run(framework.String()+"/"+spelled, func(t *testing.T) {
				g := openGolden(t, framework, spelled)
				g.checkBatch(t)
				g.checkAdam(t)
				t.Logf("logits %.1e on their scale, loss %.1e, gradients %.1e (%s), one Adam step %.1e (%s), ten %.1e (%s)",
					g.logits, g.loss, g.worst["grad"].by, g.worst["grad"].key,
					g.worst["adam1"].by, g.worst["adam1"].key, g.worst["adam10"].by, g.worst["adam10"].key)
			})
		}
	}
}

// networkCase is one case: a network at its start values, the batches, the answers.
type networkCase struct {
	caseFile
	net    *nn.Network
	data   nn.Samples
	batch  [][]int
	arrays map[string]*data.Array

	logits, loss float64 // distances found
	worst        map[string]far
}

type far struct {
	by  float64
	key string
}

type caseFile struct {
	Framework, Activation string
	Tolerances            struct {
		Logits   struct{ Atol, Rtol float64 }
		GradNorm float64 `json:"grad_norm"`
		Adam1    float64
		Adam10   float64
	}
}

func openGolden(t *testing.T, framework nn.Semantics, spelled string) *networkCase {
	t.Helper()
	dir := filepath.Join(goldenDir, framework.String(), goldenFolder(spelled))
	g := &networkCase{arrays: golden.ReadNPZ(t, filepath.Join(dir, "case.npz")), worst: map[string]far{}}
	text, err := os.ReadFile(filepath.Join(dir, "case.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &g.caseFile); err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	if g.Framework != framework.String() || goldenFolder(g.Activation) != goldenFolder(spelled) {
		t.Fatalf("%s holds %s in %s", dir, g.Activation, g.Framework)
	}
	if tol := g.Tolerances; !(tol.Logits.Rtol > 0 && tol.GradNorm > 0 && tol.Adam1 > 0 && tol.Adam10 > 0) {
		t.Fatalf("%s: case.json lacks a tolerance: %+v", dir, tol)
	}

	act := activation.Must(spelled)
	act.Kink = framework
	if g.net, err = preset.Build("study", nn.Shape{1, 28, 28}, 10, act); err != nil {
		t.Fatal(err)
	}
	start := golden.ReadNPZ(t, filepath.Join(goldenDir, "start.npz"))
	for _, p := range g.net.Params() {
		from := p.FullName()
		if p.Layer == "act1" || p.Layer == "act2" { // act1.alpha is act1.alpha.channel there
			from += "." + act.Sharing.String()
		}
		copyArray(t, p.Data, start, from)
	}
	g.data = goldenData(t)
	g.readBatches(t, start)
	return g
}

var readTrain = sync.OnceValues(mnist.Train)

func goldenData(t *testing.T) nn.Samples {
	t.Helper()
	img, err := readTrain()
	if err != nil {
		t.Fatal(err)
	}
	return data.Inverted(img)
}

// readBatches takes the batches' samples from start.npz, and checks their labels.
func (g *networkCase) readBatches(t *testing.T, start map[string]*data.Array) {
	t.Helper()
	indices, err := start["indices"].Ints()
	if err != nil {
		t.Fatal(err)
	}
	labels, err := start["labels"].Ints()
	if err != nil {
		t.Fatal(err)
	}
	size := start["indices"].Shape[1]
	for i, index := range indices {
		if i%size == 0 {
			g.batch = append(g.batch, nil)
		}
		b := &g.batch[len(g.batch)-1]
		*b = append(*b, int(index))
		if got := g.data.Label(int(index)); int64(got) != labels[i] {
			t.Fatalf("sample %d is a %d, the goldens were made with a %d", index, got, labels[i])
		}
	}
	if len(g.batch) != 11 {
		t.Fatalf("%d batches, want 11", len(g.batch))
	}
}

// checkBatch holds the first batch's logits, loss and gradients.
func (g *networkCase) checkBatch(t *testing.T) {
	t.Helper()
	x := nn.NewTensor(append([]int{len(g.batch[0])}, g.data.Shape()...)...)
	for i, index := range g.batch[0] {
		b := nn.NewBlock(g.data.Shape())
		g.data.Fill(b, []int{index})
		b.Sample(0, x.Sample(i))
	}
	got, want := forward(t, g.net, x), g.array(t, "logits")
	scale, off := furthest(got.Data, want)
	g.logits = off / scale
	if tol := g.Tolerances.Logits; len(got.Data) != len(want) || !(off <= tol.Atol+tol.Rtol*scale) {
		t.Errorf("logits differ by %.1e on a scale of %.2g", off, scale)
	}

	s := nn.NewStepper(g.net, loss.CrossEntropy{}, 0)
	st, err := s.Step(g.data, g.batch[0])
	if err != nil {
		t.Fatal(err)
	}
	g.checkLoss(t, "loss", st.Loss(), g.array(t, "loss")[0])
	for _, p := range g.net.Params() {
		g.tensor(t, "grad", p.FullName(), s.Grads()[p], g.Tolerances.GradNorm)
	}
}

// furthest is the scale of what is wanted, and the largest distance from it.
func furthest(got []float32, want []float64) (scale, off float64) {
	for i, v := range want {
		scale = max(scale, math.Abs(v))
		off = max(off, math.Abs(float64(got[i])-v))
	}
	return scale, off
}

// checkAdam takes ten steps on the other batches.
func (g *networkCase) checkAdam(t *testing.T) {
	t.Helper()
	framework, err := op.ParseSemantics(g.Framework)
	if err != nil {
		t.Fatal(err)
	}
	adam, err := optim.New(optim.Config{Name: "adam", Semantics: framework, LR: 1e-3}, g.net.Params())
	if err != nil {
		t.Fatal(err)
	}
	s := nn.NewStepper(g.net, loss.CrossEntropy{}, 0)
	losses := g.array(t, "adam/losses")
	for step, batch := range g.batch[1:] {
		st, err := s.Step(g.data, batch)
		if err != nil {
			t.Fatal(err)
		}
		if err := adam.Step(s.Grads()); err != nil {
			t.Fatal(err)
		}
		g.checkLoss(t, "loss of a step", st.Loss(), losses[step])
		for _, p := range g.net.Params() {
			switch step {
			case 0:
				g.tensor(t, "adam1", p.FullName(), p.Data, g.Tolerances.Adam1)
			case 9:
				g.tensor(t, "adam10", p.FullName(), p.Data, g.Tolerances.Adam10)
			}
		}
	}
}

// checkLoss: a mean of numbers around 2 agrees as logits do.
func (g *networkCase) checkLoss(t *testing.T, what string, got, want float64) {
	t.Helper()
	d := math.Abs(got - want)
	g.loss = max(g.loss, d)
	if tol := g.Tolerances.Logits; !(d <= tol.Atol+tol.Rtol*math.Abs(want)) {
		t.Errorf("%s %.9g, want %.9g", what, got, want)
	}
}

// tensor holds one tensor by norm: ‖got − want‖ ≤ tolerance·‖want‖. Of large ones
// the golden has every 37th element, and norm and sum of the whole.
func (g *networkCase) tensor(t *testing.T, group, name string, got []float32, tolerance float64) {
	t.Helper()
	key := group + "/" + name
	if _, sampled := g.arrays[key+"#37"]; sampled {
		g.whole(t, key, got, tolerance)
		var every []float32
		for i := 0; i < len(got); i += 37 {
			every = append(every, got[i])
		}
		key, got = key+"#37", every
	}
	want := g.array(t, key)
	if len(want) != len(got) {
		t.Fatalf("%s: %d values, want %d", key, len(got), len(want))
	}
	d := distance64(got, want)
	if d > g.worst[group].by {
		g.worst[group] = far{d, name}
	}
	if !(d <= tolerance) {
		n := min(4, len(want))
		t.Errorf("%s is %.1e off, tolerance %.0e; it starts %v, want %v", key, d, tolerance, got[:n], want[:n])
	}
}

// whole holds norm and sum of a large tensor: if it is within tolerance·‖want‖, its
// norm differs by no more, and its sum by no more than √n times that.
func (g *networkCase) whole(t *testing.T, key string, got []float32, tolerance float64) {
	t.Helper()
	var sum float64
	for _, v := range got {
		sum += float64(v)
	}
	wantNorm, wantSum := g.array(t, key+"#norm")[0], g.array(t, key+"#sum")[0]
	if d := math.Abs(norm(got) - wantNorm); !(d <= tolerance*wantNorm) {
		t.Errorf("%s has norm %.9g, want %.9g", key, norm(got), wantNorm)
	}
	if d := math.Abs(sum - wantSum); !(d <= tolerance*wantNorm*math.Sqrt(float64(len(got)))) {
		t.Errorf("%s has sum %.9g, want %.9g", key, sum, wantSum)
	}
}

func (g *networkCase) array(t *testing.T, key string) []float64 {
	t.Helper()
	a := g.arrays[key]
	if a == nil {
		t.Fatalf("case.npz has no array %q", key)
	}
	return a.Float64s()
}

func distance64(got []float32, want []float64) float64 {
	var d, n float64
	for i, w := range want {
		d += (float64(got[i]) - w) * (float64(got[i]) - w)
		n += w * w
	}
	return math.Sqrt(d / max(n, math.SmallestNonzeroFloat64))
}

func copyArray(t *testing.T, dst []float32, from map[string]*data.Array, key string) {
	t.Helper()
	a := from[key]
	if a == nil || len(a.Float32) != len(dst) {
		t.Fatalf("start.npz: array %q is missing or has not %d values", key, len(dst))
	}
	copy(dst, a.Float32)
}

// Every case of the folder is in the list, so that none is left out in silence.
func TestNoGoldenIsLeftOut(t *testing.T) {
	var want []string
	for _, spelled := range goldenActs {
		want = append(want, goldenFolder(spelled))
	}
	slices.Sort(want)
	for _, framework := range []string{"pytorch", "keras"} {
		files, err := filepath.Glob(filepath.Join(goldenDir, framework, "*", "case.json"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range files {
			got = append(got, filepath.Base(filepath.Dir(f)))
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s has the cases %q, the test takes %q", framework, got, want)
		}
	}
}
