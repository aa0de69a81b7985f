// Package kernel holds the loops that gonn spends its time in, over feature maps
// with 16 samples in the lanes: x[c][h][w][16]float32.
//
// Each has a form in plain Go, which runs everywhere and is the specification that
// the others must equal, and forms in assembly for AVX2 and AVX-512. The processor's
// features choose at start (backend.go). The environment variable
// GONN_KERNEL=go|avx2|avx512 forces one; GONN_REQUIRE=avx2 insists that it is in use.
// The build tag purego leaves the assembly out.
//
// The folder _asm holds the generator of the assembly. A convolution is a walk over
// tiles that it describes (tiles_amd64.go, tilesgrad_amd64.go) along runs of pixels with the same
// taps (conv_grid.go).
//
// The Go loops round products before they are added (float32(a*b) + c), so that no
// compiler fuses them on some machines only and the bits stay the same. Assembly
// fuses them. So the bits depend on the backend, but never on the number of workers.
package kernel

//go:generate sh -c "cd _asm && go run ."

// Lanes is the number of samples side by side; nn.Lanes says why.
const Lanes = 16
