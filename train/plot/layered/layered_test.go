package layered_test

import (
	"fmt"
	"testing"

	"github.com/gonn-toolkit/gonn/train/plot/layered"
)

var gaps = layered.Gaps{Layer: 10, Node: 5, Column: 20}

func boxes(n int) []layered.Size {
	all := make([]layered.Size, n)
	for i := range all {
		all[i] = layered.Size{Width: 40, Height: 20}
	}
	return all
}

// residuals is a chain of blocks, each of two nodes and a sum that also takes what the block does.
func residuals(n int) layered.Graph {
	g := layered.Graph{Nodes: boxes(1 + 3*n)}
	for i := range n {
		from := 3 * i
		g.Edges = append(g.Edges, layered.Edge{From: from, To: from + 1}, layered.Edge{From: from + 1, To: from + 2},
			layered.Edge{From: from + 2, To: from + 3}, layered.Edge{From: from, To: from + 3})
	}
	return g
}

// dense is a chain in which each node follows all before it.
func dense(n int) layered.Graph {
	g := layered.Graph{Nodes: boxes(n)}
	for to := range n {
		for from := range to {
			g.Edges = append(g.Edges, layered.Edge{From: from, To: to})
		}
	}
	return g
}

var graphs = []struct {
	name string
	g    layered.Graph
	into layered.Size
}{
	{"one node", layered.Graph{Nodes: boxes(1)}, layered.Size{Width: 500, Height: 500}},
	{"residual", residuals(1), layered.Size{Width: 500, Height: 500}},
	{"residual in columns", residuals(9), layered.Size{Width: 500, Height: 300}},
	{"four branches", layered.Graph{Nodes: boxes(6), Edges: []layered.Edge{
		{From: 0, To: 1}, {From: 0, To: 2}, {From: 0, To: 3}, {From: 0, To: 4}, {From: 1, To: 5}, {From: 2, To: 5}, {From: 3, To: 5}, {From: 4, To: 5}}},
		layered.Size{Width: 500, Height: 500}},
	{"two inputs and outputs", layered.Graph{Nodes: boxes(5), Edges: []layered.Edge{{From: 0, To: 2}, {From: 1, To: 2}, {From: 2, To: 3}, {From: 2, To: 4}}},
		layered.Size{Width: 500, Height: 500}},
	{"dense", dense(12), layered.Size{Width: 500, Height: 500}},
	{"crossed", layered.Graph{Nodes: boxes(4), Edges: []layered.Edge{{From: 0, To: 3}, {From: 1, To: 2}}}, layered.Size{Width: 500, Height: 500}},
}

// Boxes do not overlap and lie inside the drawing, edges go from box to box and pass through none.
func TestDrawing(t *testing.T) {
	for _, c := range graphs {
		t.Run(c.name, func(t *testing.T) {
			d := c.g.Draw(gaps, c.into)
			for i := range c.g.Nodes {
				l, top, r, b := box(d, i)
				if l < -1e-9 || top < -1e-9 || r > d.Width+1e-9 || b > d.Height+1e-9 {
					t.Errorf("node %d at %v is outside of %v×%v", i, d.Centers[i], d.Width, d.Height)
				}
				for k := range i {
					l2, top2, r2, b2 := box(d, k)
					if l < r2 && l2 < r && top < b2 && top2 < b {
						t.Errorf("nodes %d at %v and %d at %v overlap", i, d.Centers[i], k, d.Centers[k])
					}
				}
			}
			for e, route := range d.Routes {
				checkRoute(t, d, c.g.Edges[e], route)
			}
		})
	}
}

func box(d layered.Drawing, i int) (left, top, right, bottom float64) {
	p := d.Centers[i]
	return p.X - 20, p.Y - 10, p.X + 20, p.Y + 10
}

func checkRoute(t *testing.T, d layered.Drawing, e layered.Edge, route []layered.Point) {
	from, to := d.Centers[e.From], d.Centers[e.To]
	if first, last := route[0], route[len(route)-1]; first != (layered.Point{X: from.X, Y: from.Y + 10}) || last != (layered.Point{X: to.X, Y: to.Y - 10}) {
		t.Errorf("edge %v: from %v to %v, the nodes are at %v and %v", e, first, last, from, to)
	}
	for i := 1; i < len(route); i++ {
		for step := range 21 {
			f := float64(step) / 20
			x := route[i-1].X + f*(route[i].X-route[i-1].X)
			y := route[i-1].Y + f*(route[i].Y-route[i-1].Y)
			for k := range d.Centers {
				if l, top, r, b := box(d, k); x > l+1e-9 && x < r-1e-9 && y > top+1e-9 && y < b-1e-9 {
					t.Errorf("edge %v passes through node %d", e, k)
					return
				}
			}
		}
	}
}

// The longest path is straight, edges that pass layers lie beside it, and what can be drawn
// without crossings is.
func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		graph int
		want  string
	}{
		{1, "[{20 10} {20 40} {20 70} {20 100}]"},
		{6, "[{20 10} {65 10} {65 40} {20 40}]"},
	} {
		d := graphs[c.graph].g.Draw(gaps, graphs[c.graph].into)
		if got := fmt.Sprint(d.Centers); got != c.want {
			t.Errorf("%s: centers %s, want %s", graphs[c.graph].name, got, c.want)
		}
	}
	if one, more := residuals(9).Draw(gaps, layered.Size{Width: 500, Height: 1e6}), residuals(9).Draw(gaps, layered.Size{Width: 500, Height: 300}); more.Height > 300 || one.Height < 800 {
		t.Errorf("nine blocks are %v high in a column, %v when they must fit into 300", one.Height, more.Height)
	}
}

// The edges of a node share their way, so that those of a dense block of many layers have room.
func TestEdgesOfANodeShareTheirWay(t *testing.T) {
	if d := dense(100).Draw(gaps, layered.Size{Width: 500, Height: 300}); d.Width > 40+5*100 {
		t.Errorf("100 nodes of which each follows all before it are %v wide", d.Width)
	}
}
