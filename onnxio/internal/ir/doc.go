// Package ir holds a Graph while passes rewrite it: its nodes, its Constants, the Facts that
// are known of its values, who makes and who reads each of them (Links), and where all of it
// comes from in the file (Provenance). A Budget bounds what the passes may compute.
package ir
