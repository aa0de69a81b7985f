// Package page is what the pages that gonn writes for browsers have in common: the head with its
// policy, the style, light and dark. A page needs no network and no other file.
package page
