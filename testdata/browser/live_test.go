//go:build browser

package browser

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// watched is a gonn train --watch that runs.
type watched struct {
	t   *testing.T
	cmd *exec.Cmd
	out output
}

// output is what a program has written so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// train starts gonn train with the program of GONN_BINARY.
func train(t *testing.T, dir string, args ...string) *watched {
	t.Helper()
	gonn := os.Getenv("GONN_BINARY")
	if gonn == "" {
		t.Fatal("no program in GONN_BINARY: see .ci/browser")
	}
	w := &watched{t: t, cmd: exec.Command(gonn, append([]string{"train", "--run", "run"}, args...)...)}
	w.cmd.Dir, w.cmd.Stdout, w.cmd.Stderr = dir, &w.out, &w.out
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.cmd.Process.Kill() }) // if the test has failed before its end
	return w
}

// says waits until the program has written what a pattern matches, and gives its first group.
func (w *watched) says(pattern string) string {
	w.t.Helper()
	exp := regexp.MustCompile(pattern)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if m := exp.FindStringSubmatch(w.out.String()); m != nil {
			return m[1]
		}
	}
	w.t.Fatalf("gonn train does not say %q: %s", pattern, w.out.String())
	return ""
}

// becomes waits until an expression is true in the page.
func (p *page) becomes(expression string) {
	p.t.Helper()
	for end := time.Now().Add(patience); !eval[bool](p, expression); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("%s: never %s; the page says: %.600s", p.name, expression, eval[string](p, `document.body.innerText`))
		}
	}
}

// The page of a training shows it while it runs and when it has been stopped, and finds the one
// that goes on; all that without a word on the console.
func TestLive(t *testing.T) {
	dir := t.TempDir()
	began := time.Now()
	first := train(t, dir, "--watch", "--limit", "1500", "--epochs", "100000", "--val", "0.1", "--metrics", "slopes,dead,grad-norm")
	at := first.says(`watch it on (http://127\.0\.0\.1:\d+/)`)
	var pages []*page
	for _, width := range []int{375, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			p := &page{t: t, name: fmt.Sprintf("live-%d-%s", width, scheme), at: at, asks: at + "events"}
			p.show(width, scheme)
			p.watch()
			pages = append(pages, p)
		}
	}
	for _, p := range pages {
		p.quiet()
	}
	if err := first.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	epoch, _ := strconv.Atoi(first.says(`stopped after epoch (\d+)`))
	took := time.Since(began)
	for _, p := range pages {
		p.becomes(`document.getElementById("phase").textContent === "Stopped"`)
		p.becomes(`document.getElementById("why").textContent.includes("go on with gonn train --resume")`)
		p.shoot("stopped", false)
	}
	first.cmd.Wait()
	port := strings.TrimSuffix(at[strings.LastIndex(at, ":")+1:], "/")
	more := epoch + 2 + int(12*float64(epoch)/took.Seconds()) // enough for pages to come back
	second := train(t, dir, "--resume", "--epochs", strconv.Itoa(more), "--watch="+port)
	for _, p := range pages {
		p.becomes(`document.getElementById("link").dataset.state === "open"`)
	}
	if err := second.cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, second.out.String())
	}
	for _, p := range pages {
		p.becomes(`document.getElementById("phase").textContent === "Finished"`)
		p.becomes(`document.getElementById("results").textContent.includes("test: loss ")`)
		p.becomes(`document.getElementById("share").textContent === "100 %"`)
		p.fits()
		p.shoot("finished", true)
	}
}

// watch looks at a page while its training runs.
func (p *page) watch() {
	p.t.Helper()
	p.becomes(`!document.getElementById("main").hidden && document.getElementById("phase").textContent === "Training"`)
	p.becomes(`document.querySelectorAll("#epochs svg path.curve").length >= 4 && document.querySelector("#epochs svg path.curve").getAttribute("d").includes("L")`)
	p.becomes(`document.querySelectorAll("#slopes svg rect.bin").length > 2 && document.querySelector("#slopes path.half").getAttribute("d") !== ""`)
	p.becomes(`document.getElementById("link").dataset.state === "open"`)
	p.fits()
	for _, what := range []string{`document.querySelector("#batches path.curve").getAttribute("d")`, `document.getElementById("slopes").innerHTML`,
		`document.getElementById("now").textContent`} {
		eval[bool](p, "(window.before = "+what+", true)")
		p.becomes(what + " !== window.before")
	}
	charts := eval[int](p, `document.querySelectorAll("#epochs svg").length`)
	p.do(chromedp.Click(chromedp.CSS("#chooser label:nth-of-type(3) input"))) // another family
	p.becomes(fmt.Sprintf(`document.querySelectorAll("#epochs svg").length === %d`, charts+1))
	p.do(chromedp.Click(chromedp.CSS("#values summary")))
	p.becomes(`document.querySelectorAll("#values tbody tr").length > 0`)
	p.do(chromedp.Focus(chromedp.CSS("#batches svg")), chromedp.KeyEvent(kb.ArrowLeft))
	p.becomes(`document.querySelector("#batches output").textContent.startsWith("epoch ")`)
	p.fits()
	p.shoot("running", true)
}
