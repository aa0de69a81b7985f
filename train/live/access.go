package live

import (
	"net/http"
	"slices"
	"strconv"
)

// handler answers the two addresses that there are, after checking who asks.
func (s *Server) handler() http.Handler {
	routes := map[string]http.HandlerFunc{"/": servePage, "/events": s.serveEvents}
	hosts := hostsOf(s.port)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		route := routes[r.URL.Path] // as it was sent: no path is cleaned into another
		switch {
		case !slices.Contains(hosts, r.Host):
			http.Error(w, "This page is only for "+hosts[0]+".", http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Only GET and HEAD are answered.", http.StatusMethodNotAllowed)
		case route == nil || r.URL.RawPath != "":
			http.Error(w, "There is only the page at /.", http.StatusNotFound)
		case fromElsewhere(r):
			http.Error(w, "Other sites may not use this page.", http.StatusForbidden)
		default:
			route(w, r)
		}
	})
}

// hostsOf are the names by which a browser on this machine reaches the server. A site whose
// name resolves to 127.0.0.1 sends its own (DNS rebinding).
func hostsOf(port int) (hosts []string) {
	for _, name := range []string{"127.0.0.1", "localhost", "[::1]"} {
		hosts = append(hosts, name+":"+strconv.Itoa(port))
		if port == 80 {
			hosts = append(hosts, name)
		}
	}
	return hosts
}

// fromElsewhere reports whether a browser says that a page of another site asks. A link to the
// page, which only shows it, may stand anywhere.
func fromElsewhere(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
		return true
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return r.URL.Path != "/" || r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document"
}

// protect sets the headers of every answer.
func protect(h http.Header) {
	for name, value := range map[string]string{
		"Content-Security-Policy":      policy,
		"Cache-Control":                "no-store",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
	} {
		h.Set(name, value)
	}
}
