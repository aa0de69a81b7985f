package kinds

import (
	"bytes"
	"fmt"
	"strings"
)

// dot writes a network in Graphviz's language.
func dot(name string, b blocks) []byte {
	var w bytes.Buffer
	fmt.Fprintf(&w, "digraph %s {\n\tnode [shape=box, fontname=\"Helvetica\", fontsize=10];\n", quoted(name))
	for i, block := range b.all {
		style := ""
		if block.input {
			style = ", style=rounded"
		}
		fmt.Fprintf(&w, "\tn%d [label=%s%s];\n", i, quoted(strings.Join(block.lines(), "\n")), style)
	}
	for _, e := range b.edges {
		fmt.Fprintf(&w, "\tn%d -> n%d;\n", e.From, e.To)
	}
	w.WriteString("}\n")
	return w.Bytes()
}

// quoted is a string of Graphviz's language, in which a backslash begins an escape in labels.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
