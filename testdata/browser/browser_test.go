//go:build browser

package browser

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// page is a page in a tab of Chromium.
type page struct {
	t    *testing.T
	name string // for messages and pictures
	at   string // its address
	asks string // the one address that it may request, "" if none
	ctx  context.Context

	mu    sync.Mutex
	loads int      // requests of the page itself
	bad   []string // messages of the console, errors and other requests
}

// browser is the context of Chromium, which every tab shares.
var browser context.Context

// TestMain starts Chromium. Without one nothing passes.
func TestMain(m *testing.M) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox) // CI is root in a container
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	browser, _ = chromedp.NewContext(alloc)
	if err := chromedp.Do(browser); err != nil {
		fmt.Fprintf(os.Stderr, "Chromium does not start: %v: install Debian's package chromium\n", err)
		os.Exit(1)
	}
	code := m.Run()
	if err := chromedp.Cancel(browser); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	cancel()
	os.Exit(code)
}

// open opens a file in a tab with a width, light or dark.
func open(t *testing.T, name, file string, width int, scheme string) *page {
	t.Helper()
	p := &page{t: t, name: fmt.Sprintf("%s-%d-%s", name, width, scheme), at: (&url.URL{Scheme: "file", Path: file}).String()}
	p.show(width, scheme)
	return p
}

// show opens the page's address in a tab with a width, light or dark.
func (p *page) show(width int, scheme string) {
	p.t.Helper()
	tab, cancel := chromedp.NewContext(browser, chromedp.WithListener(p.listen))
	p.t.Cleanup(cancel)
	p.ctx = tab
	call(p, network.Enable, network.EnableParams{})
	call(p, log.Enable, cdp.Empty{})
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(width), Height: windowHeight, DeviceScaleFactor: 1, Mobile: width < 600})
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	p.do(chromedp.Navigate(p.at))
}

// windowHeight is the height of a window in pixels.
const windowHeight = 800

// patience is how long a step may take.
const patience = 30 * time.Second

// listen keeps what must not happen.
func (p *page) listen(e any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := e.(type) {
	case *runtime.EventConsoleAPICalled:
		p.bad = append(p.bad, fmt.Sprintf("console: %s", e.Type))
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		p.bad = append(p.bad, text)
	case *log.EventEntryAdded:
		p.bad = append(p.bad, e.Entry.Text)
	case *network.EventLoadingFailed:
		p.bad = append(p.bad, "failed: "+e.ErrorText)
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; u == p.at {
			p.loads++
		} else if !strings.HasPrefix(u, "data:") && u != "about:blank" && (p.asks == "" || u != p.asks) {
			p.bad = append(p.bad, "requests "+u)
		}
	}
}

// call runs a command of the protocol.
func call[P, R any](p *page, c cdp.Command[P, R], params P) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, c, params); err != nil {
		p.t.Fatalf("%s: %s: %v", p.name, c.Method, err)
	}
}

// do runs steps in the page.
func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	result(p, chromedp.Steps(steps...))
}

// result runs a step and gives its value.
func result[T any](p *page, step chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, step)
	if err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
	return v
}

// eval evaluates an expression in the page.
func eval[T any](p *page, expression string) T {
	p.t.Helper()
	return result(p, chromedp.Evaluate[T](expression))
}

// quiet fails if anything was written to the console, was thrown, or was asked of a network.
func (p *page) quiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.loads != 1 {
		p.t.Errorf("%s: the page was loaded %d times: its requests are not seen", p.name, p.loads)
	}
	for _, m := range p.bad {
		p.t.Errorf("%s: %s", p.name, m)
	}
}

// fits fails if the page is wider than its window.
func (p *page) fits() {
	p.t.Helper()
	if w := eval[[]int](p, `[document.documentElement.scrollWidth, document.body.scrollWidth, document.documentElement.clientWidth]`); w[0] > w[2] || w[1] > w[2] {
		p.t.Errorf("%s: the page is %d and its body %d pixels wide in a window of %d", p.name, w[0], w[1], w[2])
	}
}

// shoot writes a picture of the window, or of the whole page, to the folder of
// GONN_SCREENSHOTS, if that is set.
func (p *page) shoot(what string, whole bool) {
	p.t.Helper()
	dir := os.Getenv("GONN_SCREENSHOTS")
	if dir == "" {
		return
	}
	step := chromedp.CaptureScreenshot()
	if whole {
		step = chromedp.FullScreenshot(100)
	}
	png := result(p, step)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, p.name+"-"+what+".png"), png, 0o666); err != nil {
		p.t.Fatal(err)
	}
}
