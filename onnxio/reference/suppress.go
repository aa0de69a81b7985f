package reference

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

var suppressOps = map[string]op{
	"NonMaxSuppression": nonMaxSuppression,
}

// nonMaxSuppression picks boxes [N, boxes, 4] by their scores [N, classes, boxes]: of each
// class the best first, and none that overlaps by more than a threshold with one picked
// before. A row of the result is sample, class, box.
func nonMaxSuppression(c *call) ([]*Tensor, error) {
	in, err := c.inputs(2)
	if err != nil {
		return nil, err
	}
	boxes, scores := in[0], in[1]
	if boxes.Rank() != 3 || scores.Rank() != 3 || boxes.Shape[2] != 4 || boxes.Shape[0] != scores.Shape[0] || boxes.Shape[1] != scores.Shape[2] {
		return nil, fmt.Errorf("boxes of shape %v and scores of shape %v are not [N, boxes, 4] and [N, classes, boxes]", boxes.Shape, scores.Shape)
	}
	if !isFloat(boxes.Type) || !isFloat(scores.Type) {
		return nil, fmt.Errorf("its boxes have type %v and its scores %v, they must be FLOAT", boxes.Type, scores.Type)
	}
	most := 0
	if list := c.list(2); len(list) > 0 {
		most = list[0]
	}
	overlap, enough := c.threshold(3, 0), c.threshold(4, math.Inf(-1))
	centre := c.flag("center_point_box", false)
	n, classes := boxes.Shape[1], scores.Shape[1]
	var picked []int
	for sample := range boxes.Shape[0] {
		all := make([]box, n)
		for k := range all {
			all[k] = newBox([4]float64(boxes.Floats[(sample*n+k)*4:]), centre)
		}
		for class := range classes {
			s := scores.Floats[(sample*classes+class)*n:][:n]
			for _, k := range suppress(all, s, most, overlap, enough) {
				picked = append(picked, sample, class, k)
			}
		}
	}
	return one(vector(picked).reshape([]int{len(picked) / 3, 3}))
}

// threshold is the number of input k, def if it is left out.
func (c *call) threshold(k int, def float64) float64 {
	t := c.optional(k)
	switch {
	case t == nil:
		return def
	case len(t.Floats) != 1:
		c.fail(fmt.Errorf("input %d is %v of shape %v, it must be one FLOAT", k, t.Type, t.Shape))
		return def
	}
	return t.Floats[0]
}

// suppress picks at most so many boxes with enough score, the best first.
func suppress(boxes []box, scores []float64, most int, overlap, enough float64) []int {
	var order, picked []int
	for k, s := range scores {
		if s >= enough {
			order = append(order, k)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	for _, k := range order {
		hidden := func(p int) bool { return boxes[k].overlap(boxes[p]) > overlap }
		if len(picked) < most && !slices.ContainsFunc(picked, hidden) {
			picked = append(picked, k)
		}
	}
	return picked
}

// box has two corners, of which the first is the smaller in both directions.
type box struct{ x1, y1, x2, y2 float64 }

// newBox reads two corners y, x, y, x in any order, or a centre x, y with width and height.
func newBox(v [4]float64, centre bool) box {
	if centre {
		return box{v[0] - v[2]/2, v[1] - v[3]/2, v[0] + v[2]/2, v[1] + v[3]/2}
	}
	return box{min(v[1], v[3]), min(v[0], v[2]), max(v[1], v[3]), max(v[0], v[2])}
}

func (b box) area() float64 { return max(0, b.x2-b.x1) * max(0, b.y2-b.y1) }

// overlap is the area that both have over the area that at least one has.
func (b box) overlap(o box) float64 {
	joint := box{max(b.x1, o.x1), max(b.y1, o.y1), min(b.x2, o.x2), min(b.y2, o.y2)}.area()
	if joint == 0 {
		return 0
	}
	return joint / (b.area() + o.area() - joint)
}
