package reference

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// detectionOps choose among boxes.
var detectionOps = map[string]op{
	"NonMaxSuppression": nonMaxSuppression,
}

// nonMaxSuppression takes boxes [N, B, 4], scores [N, C, B] and, each one number, the most
// boxes of a class, the largest overlap and the score that boxes must exceed. For each
// sample and class it goes through the boxes by their scores and keeps those that overlap
// none of those kept by more. The result is [kept, 3]: sample, class, box.
func nonMaxSuppression(c *call) ([]*Tensor, error) {
	boxes, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	scores, err := c.floats(1)
	if err != nil {
		return nil, err
	}
	b, s := boxes.Shape, scores.Shape
	if len(b) != 3 || len(s) != 3 || b[0] != s[0] || b[2] != 4 || b[1] != s[2] {
		return nil, fmt.Errorf("boxes of shape %v and scores of shape %v do not fit", b, s)
	}
	limit, err := c.number(2, 0)
	if err != nil {
		return nil, err
	}
	overlap, err := c.number(3, 0)
	if err != nil {
		return nil, err
	}
	least, err := c.number(4, math.Inf(-1))
	if err != nil {
		return nil, err
	}
	center := c.flag("center_point_box", false)
	corners := make([][4]float64, b[0]*b[1])
	for i := range corners {
		corners[i] = cornersOf([4]float64(boxes.Floats[i*4:]), center)
	}
	var chosen []int64
	for row := range s[0] * s[1] {
		sample := row / s[1]
		of := corners[sample*b[1]:][:b[1]]
		var kept []int
		for _, k := range byScore(scores.Floats[row*s[2]:][:s[2]], least) {
			if float64(len(kept)) >= limit {
				break
			}
			if err := c.did(nmsWork * len(kept)); err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(kept, func(j int) bool { return iou(of[j], of[k]) > overlap }) {
				kept = append(kept, k)
				chosen = append(chosen, int64(sample), int64(row%s[1]), int64(k))
			}
		}
	}
	return []*Tensor{FromInt64s(graph.Int64, []int{len(chosen) / 3, 3}, chosen)}, nil
}

// nmsWork is the operations of holding two boxes against each other.
const nmsWork = 8

// byScore lists the boxes with more than the least score, the best first; of equal ones the
// first.
func byScore(scores []float64, least float64) []int {
	var list []int
	for k, s := range scores {
		if s > least {
			list = append(list, k)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	return list
}

// cornersOf gives a box as y1, x1, y2, x2 with y1 ≤ y2 and x1 ≤ x2. It is given by any two
// opposite corners, or as x and y of its middle, width and height.
func cornersOf(v [4]float64, center bool) [4]float64 {
	if center {
		x, y, w, h := v[0], v[1], v[2], v[3]
		return [4]float64{y - h/2, x - w/2, y + h/2, x + w/2}
	}
	return [4]float64{min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3])}
}

// iou is the area that two boxes share over the area that they cover.
func iou(a, b [4]float64) float64 {
	h, w := min(a[2], b[2])-max(a[0], b[0]), min(a[3], b[3])-max(a[1], b[1])
	if !(h > 0 && w > 0) {
		return 0
	}
	area := func(v [4]float64) float64 { return (v[2] - v[0]) * (v[3] - v[1]) }
	return h * w / (area(a) + area(b) - h*w)
}
