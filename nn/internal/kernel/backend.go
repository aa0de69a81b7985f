package kernel

import (
	"fmt"
	"os"
	"strings"
)

// ops are the kernels of one backend. Each field does what the exported function of its
// name says.
type ops struct {
	name string
	acts
	formulas     []formula     // as the table of that name
	normFormulas []normFormula // likewise
	softmaxes
	norms
	pools
	convs
	updates
	packed
	winograds

	fromBytes func(y []float32, x [Lanes][]byte, inverted [Lanes]bool)
	transpose func(to, from []float32, rows, cols, toRow, fromRow int) // Transpose of a part of matrices
	copyRows  func(to, from []float32, rows, width, pitch int)
	prober    *prober
}

// convs are convolutions and affine maps.
type convs struct {
	convForward    func(y, x, w, b []float32, c *Conv, in *NormInput) // in may be nil
	convInputGrad  func(dx, dy, w []float32, c *Conv, add bool)
	convWeightGrad func(dw, db, dy, x []float32, c *Conv, in *NormInput)

	denseForward    func(y, x, w, b []float32, d *Dense)
	denseInputGrad  func(dx, dy, w []float32, d *Dense)
	denseWeightGrad func(dw, db, dy, x []float32, d *Dense)

	convSingle  func(y, x, w, b []float32, s *Single)
	denseSingle func(y, x, w, b []float32)
}

// packed are the loops over packed maps.
type packed struct {
	planPacked        func(c *PackedConv)
	convPacked        func(y, x, w, b, add []float32, c *PackedConv, rows, blocks Range)
	depthwisePacked   func(y, x, w, b []float32, c *PackedConv, rows, blocks Range)
	maxPoolPacked     func(y, x []float32, p *PackedPool, rows, blocks Range)
	averagePoolPacked func(y, x []float32, p *PackedPool, pads *Padding, rows, blocks Range)
}

// updates are the loops over parameters.
type updates struct {
	add        func(y, x []float32)
	adam       func(w, g, m, v []float32, c AdamRates)
	sgd        func(w, g []float32, rate float32)
	sgdPyTorch func(w, g, b []float32, c SGDRates)
	sgdKeras   func(w, g, v []float32, c SGDRates)
}

// goOps run everywhere and are what the others must equal.
var goOps = ops{
	name:         "go",
	acts:         goActs,
	formulas:     goFormulas(),
	normFormulas: goNormFormulas(),
	softmaxes:    goSoftmaxes,
	norms:        goNorms,
	pools:        goPools,
	convs: convs{
		convForwardGo, convInputGradGo, convWeightGradGo,
		denseForwardGo, denseInputGradGo, denseWeightGradGo,
		convSingleGo, denseSingleGo,
	},
	packed:    packed{func(*PackedConv) {}, convPackedGo, depthwisePackedGo, maxPoolPackedGo, averagePoolPackedGo},
	updates:   updates{addGo, adamGo, sgdGo, sgdPyTorchGo, sgdKerasGo},
	fromBytes: fromBytesGo,
	transpose: transposeGo,
	copyRows:  copyRowsGo,
	winograds: winograds{convFastGo},
	prober:    &goProber,
}

// backends are those that this machine can run, the fastest first.
var backends = append(isaBackends(), &goOps)

var active = backends[0]

// selectErr is what is wrong with the environment's choice.
var selectErr = fromEnv(os.Getenv("GONN_KERNEL"), os.Getenv("GONN_REQUIRE"))

// fromEnv applies GONN_KERNEL, which chooses a backend, and checks GONN_REQUIRE, which
// requires one, so that a test of a backend cannot pass without it.
func fromEnv(choose, require string) error {
	if choose != "" {
		if _, err := Use(choose); err != nil {
			return fmt.Errorf("GONN_KERNEL: %w", err)
		}
	}
	if require != "" && require != active.name {
		return fmt.Errorf("GONN_REQUIRE=%s, but the kernels in use are %s", require, active.name)
	}
	return nil
}

// Backend names the kernels in use: avx512, avx2 or go. The error says that the
// environment asks for others than there are.
func Backend() (string, error) { return active.name, selectErr }

// Backends names all that this machine can run, the fastest first.
func Backends() []string {
	names := make([]string, len(backends))
	for i, b := range backends {
		names[i] = b.name
	}
	return names
}

// Use makes a backend the one in use and returns what undoes it. It must not be called
// while kernels run.
func Use(name string) (restore func(), err error) {
	for _, b := range backends {
		if b.name == name {
			was := active
			active = b
			return func() { active = was }, nil
		}
	}
	return nil, fmt.Errorf("no kernels %q on this machine: choose one of %s", name, strings.Join(Backends(), ", "))
}
