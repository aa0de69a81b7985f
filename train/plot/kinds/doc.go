// Package kinds has the pictures of gonn plot: a table with a row for each, which the command and
// its help read. A new picture is one file and one row.
package kinds
