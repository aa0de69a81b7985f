package live

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"sync"

	"github.com/gonn-toolkit/gonn/train/report/page"
)

var (
	//go:embed page/page.gohtml
	pageTemplate string
	//go:embed page/style.css
	ownStyle string
	//go:embed page/chart.js
	chartScript string
	//go:embed page/view.js
	viewScript string
	//go:embed page/connect.js
	connectScript string
)

var (
	style  = page.Base() + ownStyle
	script = "\"use strict\";\n{\n" + chartScript + viewScript + connectScript + "}\n"

	// policy lets the page run its own script and style, and talk to this server.
	policy = "default-src 'none'; connect-src 'self'; img-src data:; style-src " + hashOf(style) + "; script-src " + hashOf(script) +
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

	// pageID tells a page of another version of gonn, which then loads this one.
	pageID = fmt.Sprintf("%x", sha256.Sum256([]byte(pageTemplate+style+script)))

	// thePage is made when it is first asked for.
	thePage = sync.OnceValue(render)
)

// hashOf is the source of an inline text in a policy.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func render() []byte {
	var b bytes.Buffer
	err := template.Must(template.New("page").Parse(pageTemplate)).Execute(&b, map[string]any{
		"ID": pageID, "Style": template.CSS(style), "Script": template.JS(script),
	})
	if err != nil {
		panic(err) // the template is part of the program
	}
	return b.Bytes()
}

func servePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(thePage()) // a client that goes away is its own business
}
