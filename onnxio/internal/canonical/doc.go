// Package canonical brings nodes that say the same in several ways to one: Form gives a node's
// usual form, and PassesOn finds those that change nothing.
package canonical
