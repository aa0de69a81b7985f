// Package plot draws pictures of data with gonum/plot, as PNG and SVG: lines, bands, histograms,
// heat maps and images in one or more panels with a legend outside of the data.
//
// A [Figure] says what is drawn and nothing of its looks. A [Theme] has the fonts, colours and
// resolution: [Light] and [Dark] for screens, [Print] for paper. The same figure and theme give
// the same bytes.
//
//	p := &plot.Panel{Title: "loss", X: plot.Axis{Label: "epoch"}}
//	p.Line("training", epochs, loss, plot.Style{Color: 0, Dashed: true})
//	p.Line("validation", epochs, valLoss, plot.Style{Color: 0})
//	png, err := (&plot.Figure{Title: "prelu", Panels: []*plot.Panel{p}}).PNG(plot.Light)
//
// Values that are NaN or infinite, or not above 0 on a logarithmic axis, are left out: a line is
// broken there.
package plot
