//go:build browser

package browser

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// paper is the width of A4 between its margins, in pixels.
const paper = 680

// readReport opens what a page of gonn report has closed, and looks at it on paper.
func (p *page) readReport() {
	p.t.Helper()
	const twice = `[...document.querySelectorAll("figure")].filter(f => [...f.querySelectorAll("svg, img")].filter(e => e.checkVisibility()).length !== 1).length`
	if n := eval[int](p, twice); n != 0 {
		p.t.Errorf("%s: %d figures show another number of pictures than one", p.name, n)
	}
	eval[int](p, `document.querySelectorAll("details").forEach(d => d.open = true), 0`)
	p.fits()
	eval[int](p, `document.querySelectorAll("details").forEach(d => d.open = false), 0`)
	p.print()
}

// print fails if the page on paper is not black on white, hides anything, or is wider.
func (p *page) print() {
	p.t.Helper()
	width := eval[int64](p, `innerWidth`)
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: paper, Height: windowHeight, DeviceScaleFactor: 1})
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	p.fits()
	const cut = `[...document.querySelectorAll(".scroll, pre")].filter(e => e.checkVisibility() && e.scrollWidth > document.documentElement.clientWidth).map(e => e.textContent.slice(0, 40))`
	if wide := eval[[]string](p, cut); len(wide) > 0 {
		p.t.Errorf("%s: wider than the paper: %q", p.name, wide)
	}
	const colours = `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector("h2")).color, getComputedStyle(document.querySelector(".chapter")).backgroundColor]`
	if c := eval[[]string](p, colours); c[0] != "rgb(255, 255, 255)" || c[1] != "rgb(0, 0, 0)" || c[2] != c[0] {
		p.t.Errorf("%s: the colours on paper are %v", p.name, c)
	}
	if n := eval[int](p, `[...document.querySelectorAll("details > :not(summary)")].filter(e => !e.checkVisibility({contentVisibilityAuto: true})).length`); n != 0 {
		p.t.Errorf("%s: %d parts are not printed", p.name, n)
	}
	if dir := os.Getenv("GONN_SCREENSHOTS"); dir != "" {
		yes := true
		pdf, err := chromedp.Call(p.ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PrintBackground: &yes, PreferCSSPageSize: &yes})
		if err != nil || !bytes.HasPrefix(pdf.Data, []byte("%PDF-")) {
			p.t.Fatalf("%s: printing: %v", p.name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, p.name+".pdf"), pdf.Data, 0o666); err != nil {
			p.t.Fatal(err)
		}
	}
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: windowHeight, DeviceScaleFactor: 1})
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
}
