// Package comparepage writes a comparison as one self-contained HTML page: the answer, the graph of
// the network with each layer coloured by its error, and for each layer how its errors are
// spread and where they lie. The page needs no network and no other file.
package comparepage
