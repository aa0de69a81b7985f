package comparepage

import "fmt"

// node is one row of a graph.
type node struct {
	name   string   // as others read it; "" for what nobody can read
	inputs []string // names of nodes above
	// between: the node stands on the line of its input, and takes no part in the graph.
	between bool
}

// graph is a drawing with one node in each row, whose lines run down in lanes. A line stays in
// the lane of the node that it comes from until its last reader, which takes the lane over.
type graph struct {
	lanes int
	lane  []int // by row
	edges []string
}

// Units of a drawing, of which the page makes pixels.
const (
	laneUnit = 10
	rowUnit  = 10
)

// draw finds the lanes and lines of nodes in the order of their rows.
func draw(nodes []node) *graph {
	g := &graph{lane: make([]int, len(nodes))}
	last := map[string]int{} // by name, the row of the last reader
	for i, n := range nodes {
		for _, in := range n.inputs {
			if !n.between {
				last[in] = i
			}
		}
	}
	at := map[string]int{} // row by name
	var taken []bool       // by lane
	for i, n := range nodes {
		lane := -1
		for _, in := range n.inputs {
			if row, ok := at[in]; ok && (n.between || last[in] == i) {
				if free := g.lane[row]; lane < 0 || free < lane {
					lane = free
				}
			}
		}
		if n.between && lane >= 0 {
			g.lane[i] = lane
			continue
		}
		for _, in := range n.inputs {
			if row, ok := at[in]; ok && last[in] == i {
				taken[g.lane[row]] = false
			}
		}
		for k := 0; lane < 0; k++ {
			if k == len(taken) {
				taken = append(taken, false)
			}
			if !taken[k] {
				lane = k
			}
		}
		_, taken[lane] = last[n.name]
		g.lane[i], at[n.name] = lane, i
		for _, in := range n.inputs {
			if row, ok := at[in]; ok && row < i {
				g.edges = append(g.edges, path(g.lane[row], row, lane, i))
			}
		}
	}
	g.lanes = max(len(taken), 1)
	return g
}

// path is a line of SVG down the lane a and then into the node of row j in lane b.
func path(a, i, b, j int) string {
	x := func(lane int) int { return lane*laneUnit + laneUnit/2 }
	y := func(row int) int { return row*rowUnit + rowUnit/2 }
	if a == b {
		return fmt.Sprintf("M%d %dV%d", x(a), y(i), y(j))
	}
	bend, middle := y(j-1), y(j)-rowUnit/2
	return fmt.Sprintf("M%d %dV%dC%d %d %d %d %d %d", x(a), y(i), bend, x(a), middle, x(b), middle, x(b), y(j))
}
