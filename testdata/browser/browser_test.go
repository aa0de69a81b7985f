//go:build browser

package browser

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// gonn builds the command, once.
var gonn = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gonn-browser-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "gonn")
	build := exec.Command("go", "build", "-o", path, "./cmd/gonn")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := gonn(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// run runs gonn, which must end with an exit status.
func run(t *testing.T, status int, args ...string) {
	t.Helper()
	path, err := gonn()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if code := 0; err != nil {
		if exit, ok := err.(*exec.ExitError); ok {
			code = exit.ExitCode()
		}
		if code == status && code != 0 {
			return
		}
		t.Fatalf("gonn %s: %v, want status %d\n%s", strings.Join(args, " "), err, status, out)
	} else if status != 0 {
		t.Fatalf("gonn %s: status 0, want %d\n%s", strings.Join(args, " "), status, out)
	}
}

// page is a page in a tab of Chromium.
type page struct {
	t    *testing.T
	name string
	ctx  context.Context
	mu   sync.Mutex
	bad  []string // messages of the console, errors and requests besides that of the page
}

// open opens a file in a tab with a width, light or dark.
func open(t *testing.T, name, file string, width int, scheme string) *page {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox) // CI is root in a container
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	p := &page{t: t, name: fmt.Sprintf("%s-%d-%s", name, width, scheme), ctx: ctx}
	at := (&url.URL{Scheme: "file", Path: file}).String()
	chromedp.ListenTarget(ctx, func(e any) {
		p.mu.Lock()
		defer p.mu.Unlock()
		switch e := e.(type) {
		case *runtime.EventConsoleAPICalled:
			p.bad = append(p.bad, fmt.Sprintf("console: %s", e.Type))
		case *runtime.EventExceptionThrown:
			p.bad = append(p.bad, e.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			p.bad = append(p.bad, e.Entry.Text)
		case *network.EventLoadingFailed:
			p.bad = append(p.bad, "failed: "+e.ErrorText)
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; u != at && !strings.HasPrefix(u, "data:") {
				p.bad = append(p.bad, "requests "+u)
			}
		}
	})
	p.do(network.Enable(), log.Enable(), runtime.Enable(),
		emulation.SetDeviceMetricsOverride(int64(width), 800, 1, width < 600),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		chromedp.Navigate(at))
	return p
}

func (p *page) do(actions ...chromedp.Action) {
	p.t.Helper()
	if err := chromedp.Run(p.ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
}

// eval evaluates an expression in the page.
func eval[T any](p *page, expression string) (v T) {
	p.t.Helper()
	p.do(chromedp.Evaluate(expression, &v))
	return v
}

// quiet fails if anything was written to the console, was thrown, or was asked of a network.
func (p *page) quiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.bad {
		p.t.Errorf("%s: %s", p.name, m)
	}
}

// fits fails if the page is wider than its window, or something visible in it reaches out
// that no box of its own scrolls.
func (p *page) fits() {
	p.t.Helper()
	if w := eval[[]int](p, `[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]`); w[0] > w[2] || w[1] > w[2] {
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
	var png []byte
	if whole {
		p.do(chromedp.FullScreenshot(&png, 100))
	} else {
		p.do(chromedp.CaptureScreenshot(&png))
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, p.name+"-"+what+".png"), png, 0o666); err != nil {
		p.t.Fatal(err)
	}
}
