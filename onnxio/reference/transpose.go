package reference

import (
	"fmt"
	"slices"
)

// moveOps are the operators that give every element of their input another place, or
// repeat it.
var moveOps = map[string]op{
	"Transpose":    transpose,
	"Expand":       expand,
	"Tile":         tile,
	"DepthToSpace": depthToSpace,
	"SpaceToDepth": spaceToDepth,
}

// transpose makes axis i of the result of the input's axis perm[i]. Without perm the
// axes are reversed.
func transpose(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	perm := c.ints("perm")
	if perm == nil {
		for i := range x.Rank() {
			perm = append([]int{i}, perm...)
		}
	}
	return one(x.transpose(perm))
}

func (t *Tensor) transpose(perm []int) (*Tensor, error) {
	if len(perm) != t.Rank() {
		return nil, fmt.Errorf("the order of axes %v does not fit rank %d", perm, t.Rank())
	}
	axes, err := axesOf(perm, t.Rank())
	if err != nil {
		return nil, err
	}
	shape, steps := make([]int, t.Rank()), make([]int, t.Rank())
	for i, axis := range axes {
		shape[i], steps[i] = t.Shape[axis], strides(t.Shape)[axis]
	}
	return t.view(shape, steps, 0)
}

// expand broadcasts the input and a shape to each other.
func expand(c *call) ([]*Tensor, error) {
	in, err := c.inputs(2)
	if err != nil {
		return nil, err
	}
	to, err := in[1].integers()
	if err != nil {
		return nil, err
	}
	shape, err := broadcastShape(in[0].Shape, to)
	if err != nil {
		return nil, err
	}
	return one(in[0].expand(shape))
}

// tile repeats the whole input along each axis. In opset 1 there was a number and an axis.
func tile(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	repeats := c.list(1)
	if c.opset < 6 {
		axis := c.list(2)
		if len(repeats) != 1 || len(axis) != 1 || axis[0] < 0 || axis[0] >= x.Rank() {
			return nil, fmt.Errorf("shape %v is not repeated %v times along axis %v", x.Shape, repeats, axis)
		}
		n := repeats[0]
		repeats = slices.Repeat([]int{1}, x.Rank())
		repeats[axis[0]] = n
	}
	if len(repeats) != x.Rank() {
		return nil, fmt.Errorf("there are %d numbers of repeats for rank %d", len(repeats), x.Rank())
	}
	// The result has two axes for each of the input, of which one does not move.
	var shape, steps, joint []int
	for i, n := range repeats {
		shape = append(shape, n, x.Shape[i])
		steps = append(steps, 0, strides(x.Shape)[i])
	}
	r, err := x.view(shape, steps, 0)
	if err != nil {
		return nil, err
	}
	for i, n := range repeats {
		joint = append(joint, n*x.Shape[i])
	}
	return one(r.reshape(joint))
}

// depthToSpace makes b·b channels the b by b pixels of a block. Mode DCR takes the block
// as the outer part of the channel number, CRD as the inner one.
func depthToSpace(c *call) ([]*Tensor, error) {
	x, b, err := c.blocks()
	if err != nil {
		return nil, err
	}
	n, ch, h, w := x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]
	if ch%(b*b) != 0 {
		return nil, fmt.Errorf("%d channels are no multiple of %d", ch, b*b)
	}
	split, perm := []int{n, b, b, ch / (b * b), h, w}, []int{0, 3, 4, 1, 5, 2}
	if c.string("mode", "DCR", "CRD") == "CRD" {
		split, perm = []int{n, ch / (b * b), b, b, h, w}, []int{0, 1, 4, 2, 5, 3}
	}
	return one(x.shuffle(split, perm, []int{n, ch / (b * b), h * b, w * b}))
}

// spaceToDepth is the inverse of DepthToSpace in the same mode.
func spaceToDepth(c *call) ([]*Tensor, error) {
	x, b, err := c.blocks()
	if err != nil {
		return nil, err
	}
	n, ch, h, w := x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]
	if h%b != 0 || w%b != 0 {
		return nil, fmt.Errorf("%d×%d pixels are not whole blocks of %d×%d", h, w, b, b)
	}
	split, perm := []int{n, ch, h / b, b, w / b, b}, []int{0, 3, 5, 1, 2, 4}
	if c.string("mode", "DCR", "CRD") == "CRD" {
		perm = []int{0, 1, 3, 5, 2, 4}
	}
	return one(x.shuffle(split, perm, []int{n, ch * b * b, h / b, w / b}))
}

// blocks gives the input [N, C, H, W] and the size of a block.
func (c *call) blocks() (*Tensor, int, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, 0, err
	}
	b := c.int("blocksize", 0)
	if b < 1 || b > MaxBlock || x.Rank() != 4 {
		return nil, 0, fmt.Errorf("shape %v with blocks of size %d: it must have 4 axes and blocks of 1 to %d", x.Shape, b, MaxBlock)
	}
	return x, b, nil
}

// MaxBlock is the largest blocksize: its square cannot overflow.
const MaxBlock = 1 << 14

// shuffle splits axes, changes their order and joins them again.
func (t *Tensor) shuffle(split, perm, joint []int) (*Tensor, error) {
	t, err := t.reshape(split)
	if err != nil {
		return nil, err
	}
	if t, err = t.transpose(perm); err != nil {
		return nil, err
	}
	return t.reshape(joint)
}
