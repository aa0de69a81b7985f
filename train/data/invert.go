package data

import "github.com/gonn-toolkit/gonn/nn"

// Doubled is a set of pictures followed by their inverses, without a copy of
// either.
type Doubled struct{ img *Images }

// Inverted is the study's doubled set: of N pictures, sample i < N is picture
// i, and sample N+i is its inverse, (255−pixel)/255, with the same label.
func Inverted(img *Images) *Doubled { return &Doubled{img} }

// Len is twice the number of pictures.
func (d *Doubled) Len() int { return 2 * d.img.Len() }

// Shape is (C, H, W).
func (d *Doubled) Shape() nn.Shape { return d.img.Shape() }

// Classes is the number of classes.
func (d *Doubled) Classes() int { return d.img.Classes() }

// Label is the class of sample i; a picture and its inverse have the same.
func (d *Doubled) Label(i int) int { return d.img.Label(d.Group(i)) }

// Group is the picture that sample i is made of.
func (d *Doubled) Group(i int) int {
	if n := d.img.Len(); i >= n {
		return i - n
	}
	return i
}

// Fill writes the samples idx into the lanes of dst.
func (d *Doubled) Fill(dst nn.Block, idx []int) error {
	var x [nn.Lanes][]byte
	var inverted [nn.Lanes]bool
	for lane, i := range idx {
		x[lane] = d.img.Pixels(d.Group(i))
		inverted[lane] = i >= d.img.Len()
	}
	dst.SetBytes(x, inverted)
	return nil
}
