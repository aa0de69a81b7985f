// Package table writes tables of text that fit the width of a terminal.
//
// Columns are as wide as what they hold, counted in the cells of a terminal: letters of
// Chinese, Japanese and Korean and emoji take two, combining marks none. If the table is
// too wide, columns give way in an order that the caller sets, by shortening or dropping.
package table

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Column is one of a table.
type Column struct {
	Title string
	Right bool // aligned, as numbers are
	// Shrink, if not 0, allows longer cells to be shortened, with an ellipsis, to no less
	// than Min cells of the terminal. Drop, if not 0, allows the column to be left out.
	// What is allowed is done in the order of these numbers, over all columns, until the
	// table fits; equal numbers go from left to right.
	Shrink, Drop int
	Min          int // 0 for 8
}

const (
	gap        = "  " // between columns
	defaultMin = 8
)

// Table is a table that grows by rows.
type Table struct {
	columns []Column
	rows    [][]string
	err     error
}

// New is a table without rows. If no column has a title there is no line of titles.
func New(columns ...Column) *Table { return &Table{columns: columns} }

// Row adds a row. Cells that are missing at its end are empty. Control characters are
// written as Go spells them, so that a cell never spoils the table.
func (t *Table) Row(cells ...string) {
	if len(cells) > len(t.columns) && t.err == nil {
		t.err = fmt.Errorf("table: row %d has %d cells for %d columns", len(t.rows)+1, len(cells), len(t.columns))
	}
	row := make([]string, len(t.columns))
	for i := range min(len(cells), len(row)) {
		row[i] = Printable(cells[i])
	}
	t.rows = append(t.rows, row)
}

// Write writes the table so that its lines have at most width cells, as far as the columns
// may give way; 0 means any width. An error is w's, or that of a row with too many cells.
func (t *Table) Write(w io.Writer, width int) error {
	if t.err != nil {
		return t.err
	}
	widths := t.fit(width)
	var b strings.Builder
	titled := slices.ContainsFunc(t.columns, func(c Column) bool { return c.Title != "" })
	if titled {
		t.line(&b, t.titles(), widths)
	}
	for _, r := range t.rows {
		t.line(&b, r, widths)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Dropped are the titles of the columns that Write leaves out at a width.
func (t *Table) Dropped(width int) (titles []string) {
	for i, n := range t.fit(width) {
		if n == dropped {
			titles = append(titles, t.columns[i].Title)
		}
	}
	return titles
}

func (t *Table) titles() []string {
	titles := make([]string, len(t.columns))
	for i, c := range t.columns {
		titles[i] = Printable(c.Title)
	}
	return titles
}

// line writes one line without spaces at its end.
func (t *Table) line(b *strings.Builder, cells []string, widths []int) {
	var line strings.Builder
	first := true
	for i, c := range t.columns {
		if widths[i] == dropped {
			continue
		}
		if !first {
			line.WriteString(gap)
		}
		first = false
		cell := Shorten(cells[i], widths[i])
		pad := strings.Repeat(" ", widths[i]-Width(cell))
		if c.Right {
			cell = pad + cell
		} else {
			cell += pad
		}
		line.WriteString(cell)
	}
	b.WriteString(strings.TrimRight(line.String(), " "))
	b.WriteByte('\n')
}

// dropped is the width of a column that is left out.
const dropped = -1

// fit gives each column its width.
func (t *Table) fit(width int) []int {
	widths := make([]int, len(t.columns))
	for _, r := range append([][]string{t.titles()}, t.rows...) {
		for i, cell := range r {
			widths[i] = max(widths[i], Width(cell))
		}
	}
	if width <= 0 {
		return widths
	}
	full, steps := slices.Clone(widths), t.steps()
	for _, s := range steps {
		over := total(widths) - width
		if over <= 0 {
			break
		}
		if s.drop {
			widths[s.column] = dropped
		} else if n := widths[s.column]; n != dropped {
			widths[s.column] = min(n, max(n-over, s.least))
		}
	}
	// What was dropped last may leave room for what was shortened before.
	for _, s := range slices.Backward(steps) {
		if n := widths[s.column]; n != dropped {
			widths[s.column] = min(full[s.column], n+max(width-total(widths), 0))
		}
	}
	return widths
}

// step is one thing that a column may do to make the table fit.
type step struct {
	order, column int
	drop          bool
	least         int // to shrink to
}

func (t *Table) steps() []step {
	var steps []step
	for i, c := range t.columns {
		if c.Shrink != 0 {
			steps = append(steps, step{order: c.Shrink, column: i, least: cmp.Or(c.Min, defaultMin)})
		}
		if c.Drop != 0 {
			steps = append(steps, step{order: c.Drop, column: i, drop: true})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.order, b.order) })
	return steps
}

// total is the width of a line.
func total(widths []int) int {
	sum, columns := 0, 0
	for _, n := range widths {
		if n != dropped {
			sum += n
			columns++
		}
	}
	return sum + max(columns-1, 0)*len(gap)
}
