// Package kernel holds the loops that gonn spends its time in, over feature maps
// with 16 samples in the lanes: x[c][h][w][16]float32.
//
// These are plain Go loops. They run everywhere and are the specification that
// any faster form must equal.
//
// Products are rounded before they are added (float32(a*b) + c), so that no
// compiler fuses them on some machines only and the bits stay the same.
package kernel

// Lanes is the number of samples side by side; nn.Lanes says why.
const Lanes = 16
