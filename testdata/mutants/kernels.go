package main

// Backends that the test needs: one that the processor does not have makes the leg fail.
var (
	avx2    = []string{"GONN_KERNEL=avx2", "GONN_REQUIRE=avx2"}
	goLoops = []string{"GONN_KERNEL=go", "GONN_REQUIRE=go"}
)

// kernelFaults are in the kernels, and in the choice between them.
var kernelFaults = []fault{
	{
		name: "whatever kernels are asked for, the Go loops are in use",
		file: "nn/internal/kernel/backend.go",
		old:  "\t\t\tactive = b\n",
		new:  "\t\t\tactive = &goOps\n",
		pkg:  "nn/internal/kernel", test: "TestBackendIsTheOneAskedFor",
		env: avx2,
	},
	{
		name: "a backend is the Go loops under its name",
		file: "nn/internal/kernel/isa.go",
		old:  "\to.name = s.name\n",
		new:  "\tif o.name = s.name; s.width > 0 {\n\t\treturn &o\n\t}\n",
		pkg:  "nn/internal/kernel", test: "TestBackendsUseTheirKernels",
		env: avx2,
	},
	{
		name: "a backend has a Go loop in place of its kernel",
		file: "nn/internal/kernel/isa.go",
		old:  "o.updates = s.updates.updates(s.width)",
		new:  "o.updates = goOps.updates",
		pkg:  "nn/internal/kernel", test: "TestBackendsUseTheirKernels",
		env: avx2,
	},
	{
		name: "a formula is left to the Go loop",
		file: "nn/internal/kernel/formula_calls.go",
		old:  "f.backward = gradBy(k.backward)",
		new:  "_ = gradBy(k.backward)",
		pkg:  "nn/internal/kernel", test: "TestBackendsUseTheirKernels",
		env: avx2,
	},
	{
		name: "a kernel in assembly copies a vector too far",
		file: "nn/internal/kernel/rows_amd64.s",
		old:  "\tSHLQ $0x05, BX\n",
		new:  "\tSHLQ $0x05, BX\n\tADDQ $0x20, BX\n",
		pkg:  "nn/internal/kernel", test: "TestKernelsStayInsideTheirSlices",
		env: avx2,
	},
	{
		name: "the plan of a kernel has one tile too many",
		file: "nn/internal/kernel/conv_run.go",
		old:  "a.tiles = uintptr(count)",
		new:  "a.tiles = uintptr(count + 1)",
		pkg:  "nn/internal/kernel", test: "TestKernelsStayInsideTheirSlices",
		env: avx2,
	},
	{
		name: "the race detector is not told what Adam writes",
		file: "nn/internal/kernel/update.go",
		old:  "writes(w, m, v)",
		new:  "writes(w, m)",
		pkg:  "nn/internal/kernel", test: "TestTheRaceDetectorSeesEveryKernel",
		env: avx2, race: true,
	},
	{
		name: "the race detector is not told what a packed convolution reads",
		file: "nn/internal/kernel/race.go",
		old:  "reads(x[rows.Lo*c.StrideH*c.XRow:][:part.window()+n])",
		new:  "_ = part.window() + n",
		pkg:  "nn/internal/kernel", test: "TestTheRaceDetectorSeesEveryKernel",
		env: avx2, race: true,
	},
	{
		name: "an exported kernel has no row in the tables",
		file: "nn/internal/kernel/elementwise.go",
		old:  "// MulMaps overwrites",
		new:  "// Halve overwrites y with y/2.\nfunc Halve(y []float32) {\n\tfor i := range y {\n\t\ty[i] /= 2\n\t}\n}\n\n// MulMaps overwrites",
		pkg:  "nn/internal/kernel", test: "TestEveryKernelIsInTheTables",
	},
	{
		name: "the kernel of Adam leaves out ε",
		file: "nn/internal/kernel/update_amd64.s",
		old:  "\tVADDPS  Y12, Y2, Y2\n",
		new:  "",
		pkg:  "nn/internal/kernel", test: "TestUpdatesEqualTheGoLoopsToTheBit",
		env: avx2,
	},
}
