package kernel

// An isa is what an architecture adds for one of its instruction sets: a table of the
// kernels written for it, each with a pointer to its arguments (args.go). The files of
// the architecture hold such tables, the assembly, and what detects the processor's
// features; how work is cut into calls of the kernels is the same for all.
//
// A part that is nil or empty is left to the Go loops.
type isa struct {
	name  string
	width int // floats in a vector: 4, 8 or 16

	tiles        tileKernels
	acts         *actKernels
	formulas     map[string]formulaKernels // by name
	normFormulas map[string]formulaKernels // likewise: a is followed by NormAct's Mean, Scale and Shift
	norms        *normKernels
	pools        *poolKernels
	softmax      *softmaxKernels
	updates      *updateKernels
	probes       *probeKernels
	packed       *packedKernels
	winograd     *winogradKernels

	fromBytes  func(*bytesArgs)     // y[16i+l] = (x_l[i] xor flip_l)/255 for 16n pixels and eight lanes
	transpose  func(*transposeArgs) // to[t][c][r] = from[t][r][c] for t < tiles, r < 8, c < 8
	interleave func(*transposeArgs) // to[t][4·c+r] = from[t][r][c] for t < tiles, r < 4, c < 8
	copyRows   func(*rowsArgs)      // to[r][i] = from[r][i] for r < rows, i < 8·vectors
}

// ops makes a backend of the kernels.
func (s *isa) ops() *ops {
	o := goOps
	o.name = s.name
	if s.acts != nil {
		o.acts = s.acts.acts()
	}
	o.formulas, o.normFormulas = formulasBy(s.formulas), normFormulasBy(s.normFormulas)
	if s.norms != nil {
		o.norms = s.norms.norms()
	}
	if s.pools != nil {
		o.pools = s.pools.pools()
	}
	if s.softmax != nil {
		o.softmaxes = s.softmax.softmaxes()
	}
	if s.updates != nil {
		o.updates = s.updates.updates(s.width)
	}
	if s.winograd != nil {
		o.winograds = s.winograd.winograds(s.width)
	}
	if s.packed != nil {
		o.packed = s.packed.packed(s.width)
	}
	if s.probes != nil {
		o.prober = s.probes.prober(s.width)
	}
	if s.fromBytes != nil {
		o.fromBytes = fromBytesBy(s.fromBytes)
	}
	if s.transpose != nil {
		o.transpose = transposeBy(s.transpose)
	}
	if s.copyRows != nil {
		o.copyRows = copyRowsBy(s.copyRows)
	}
	if s.tiles.conv1 != nil {
		t := &tiles{tileKernels: s.tiles, width: s.width, transpose: o.transpose, interleave: interleaveBy(s.interleave)}
		if s.packed != nil {
			t.depthwise = o.depthwisePacked
		}
		o.convs = t.convs()
	}
	return &o
}

// isaBackends are those of the instruction sets that this processor has.
func isaBackends() (list []*ops) {
	for _, s := range detectISAs() {
		list = append(list, s.ops())
	}
	return list
}
