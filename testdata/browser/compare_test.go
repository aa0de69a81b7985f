//go:build browser

package browser

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// visible counts the elements of a selector that can be seen.
func (p *page) visible(selector string) int {
	p.t.Helper()
	return eval[int](p, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 0).length`, selector))
}

// shows fails unless the panel of a row, and only that, is shown with its name, within the
// window.
func (p *page) shows(id string) {
	p.t.Helper()
	if n := p.visible(".panel"); n != 1 {
		p.t.Errorf("%s: %d panels are shown, want that of %s", p.name, n, id)
		return
	}
	title := eval[string](p, fmt.Sprintf(`document.querySelector("#%s-row b").textContent`, id))
	heading := eval[string](p, `document.querySelector(".panel:not([hidden]) h2").innerText`)
	if !strings.Contains(heading, title) {
		p.t.Errorf("%s: %s, %q, opens the panel %q", p.name, id, title, heading)
	}
	if top := eval[float64](p, `document.querySelector(".panel:not([hidden])").getBoundingClientRect().top`); top < 0 || top >= windowHeight {
		p.t.Errorf("%s: the panel of %s begins at %v, outside the window", p.name, id, top)
	}
	if on := eval[string](p, fmt.Sprintf(`document.getElementById("%s-row").getAttribute("aria-expanded")`, id)); on != "true" {
		p.t.Errorf("%s: the row %s is %q expanded", p.name, id, on)
	}
}

// choose opens layers in all ways in which a reader can.
func (p *page) choose() {
	p.t.Helper()
	ids := eval[[]string](p, `[...document.querySelectorAll("[data-row]")].map(e => e.dataset.row)`)
	if len(ids) < 3 {
		p.t.Fatalf("%s: %d rows", p.name, len(ids))
	}
	first := eval[string](p, `(document.querySelector("[data-first]") || {dataset: {first: ""}}).dataset.first`)
	if first != "" && p.visible(".panel") > 0 {
		p.shows(first)
		p.do(chromedp.KeyEvent(kb.Escape))
	}
	if n := p.visible(".panel"); n != 0 {
		p.t.Errorf("%s: %d panels are shown after Escape", p.name, n)
	}
	row := func(id string) chromedp.CSS { return chromedp.CSS("#" + id + "-row") }
	p.do(chromedp.Click(row(ids[0])))
	p.shows(ids[0])
	p.do(chromedp.KeyEvent(kb.ArrowDown))
	p.shows(ids[1])
	p.do(chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	p.shows(ids[2])
	p.do(chromedp.Click[chromedp.CSS](".panel:not([hidden]) [aria-label='Previous layer']"))
	p.shows(ids[1])
	p.do(chromedp.Click[chromedp.CSS](".panel:not([hidden]) [data-close]"))
	if n := p.visible(".panel"); n != 0 {
		p.t.Errorf("%s: %d panels are shown after a click on close", p.name, n)
	}
	last := ids[len(ids)-1]
	if first != "" {
		last = first
	}
	p.do(chromedp.Click(chromedp.CSS(fmt.Sprintf(".column[data-open='%s']", last))))
	p.shows(last)
	p.fits()
	p.pictures()
	p.shoot("panel", false)
}

// pictures fails if a picture of the panel that is shown was not drawn.
func (p *page) pictures() {
	p.t.Helper()
	const bad = `[...document.querySelectorAll(".panel:not([hidden]) img")].filter(i => !i.complete || i.naturalWidth === 0 || i.getBoundingClientRect().width < 20).length`
	if n := eval[int](p, bad); n != 0 {
		p.t.Errorf("%s: %d pictures are not drawn", p.name, n)
	}
}
