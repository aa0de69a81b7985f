// Package study measures the claims of the study of activations that gonn began with: why a
// linear network stays at chance on digits and their inverses, why negative slopes win there,
// how smooth loss landscapes are, and more.
//
// A Claim is a file of this package and a row of Claims. Measuring it gives numbers, which are
// kept in the folder of a Lab, and from them a Finding: a verdict, tables and figures. Trainings
// are sweeps below the folder, so work that was stopped goes on where it was.
package study
