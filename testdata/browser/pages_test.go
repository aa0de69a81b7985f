//go:build browser

package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pages are the files of GONN_PAGES, which the tests of gonn have written.
func pages(t *testing.T) []string {
	t.Helper()
	dir, err := filepath.Abs(os.Getenv("GONN_PAGES"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages in the folder of GONN_PAGES, %q (%v): see .ci/browser", os.Getenv("GONN_PAGES"), err)
	}
	return files
}

// Every page opens without a word on the console and without a request, and fits narrow and
// wide windows. Comparisons, compare-*.html, show each layer that is chosen, by mouse or
// keyboard. Reports, report-*.html, have everything on paper too.
func TestPages(t *testing.T) {
	for _, file := range pages(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".html")
		for _, width := range []int{375, 1280} {
			for _, scheme := range []string{"light", "dark"} {
				t.Run(fmt.Sprintf("%s/%d/%s", name, width, scheme), func(t *testing.T) {
					p := open(t, name, file, width, scheme)
					p.fits()
					p.shoot("top", false)
					if strings.HasPrefix(name, "compare-") {
						p.choose()
					}
					p.shoot("whole", true)
					if strings.HasPrefix(name, "report-") {
						p.readReport()
					}
					p.quiet()
				})
			}
		}
	}
}
