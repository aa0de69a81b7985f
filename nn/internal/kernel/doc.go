// Package kernel has the inner loops, over feature maps with 16 samples in the lanes:
// x[c][h][w][16]float32, or of one sample: with neighbouring pixels in the lanes (single), or
// 16 channels (packed).
//
// Each has a form in plain Go, which runs everywhere and is the specification of the
// others. Convolutions, affine maps (Dense), activations, softmax,
// normalisations, optimizers' updates and what moves data also have forms in assembly for
// AVX2 and AVX-512. The processor's features choose at start. The environment variable
// GONN_KERNEL=go|avx2|avx512 forces one; GONN_REQUIRE=avx2 insists that it is in use.
// The build tag purego leaves the assembly out.
//
// The Go loops round products before they are added (float32(a*b) + c), so that no
// compiler fuses them on some machines only and the bits stay the same. Assembly
// fuses them. So the bits depend on the backend, but never on the number of workers.
package kernel

// Names of files begin with their subject: act (with a learned parameter), formula (all other
// activations), conv (grid, padding, parts, tiles), winograd, dense, single, packed, pooling,
// softmax, norm, update, bytes, transpose, rows, probe. Then
//
//	X.go              the exported functions, which call those of the backend in use
//	X_go.go           the Go loops
//	X_calls.go        how work is cut into calls of kernels, since assembly cannot be
//	                  preempted; of convolutions conv_tiles.go, conv_walk.go, conv_run.go,
//	                  conv_grad.go, dense_grad.go, winograd_stages.go; of packed maps
//	                  also packed_window.go
//	args.go           the structs that kernels work on
//	isa.go            the table of an instruction set, and a backend made of it
//	isa_*_ARCH.go     the tables of an architecture, and which of them a processor has
//	X_ARCH.s, X_stubs_ARCH.go    the kernels, written by the generator in _asm; those of packed
//	                  maps are packed, window (depthwise and pools) and depthwise (3×3), those
//	                  of formulas of a normalised input act_norm
//	fake_*_test.go    instruction sets in Go, which test all of this everywhere
//	table*_test.go    a row for each exported kernel, for the tests of memory (pages_*), of bits
//	                  (bits_test.go) and of what the race detector is told (bait_race_test.go)
//
// Only files named after an architecture depend on it.

//go:generate sh -c "cd _asm && go run ."

// Lanes is the number of samples side by side; nn.Lanes says why.
const Lanes = 16
