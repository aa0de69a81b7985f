// Package browser opens the pages that gonn writes in Chromium. Its tests need the tag browser
// and a Chromium; .ci/browser installs that. It is a module of its own, so that users of gonn
// do not carry the driver of a browser.
package browser
