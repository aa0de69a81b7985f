package live

import (
	"io"
	"net/http"
	"time"
)

// serveEvents sends the state, then what changes in it until the training ends.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	if !s.hub.join() {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "Too many pages are open, or the training has ended.", http.StatusServiceUnavailable)
		return
	}
	defer s.hub.leave()
	out := stream{w: w, wait: s.wait.write, control: http.NewResponseController(w)}
	if out.control.SetReadDeadline(time.Time{}) != nil { // that of the request would end the stream
		return
	}
	if out.control.Flush() != nil { // the page knows that it is heard, also before there is a state
		return
	}
	beat := time.NewTicker(s.wait.beat)
	defer beat.Stop()
	for {
		parts, changed, closed := s.hub.latest()
		if out.send(parts) != nil {
			return
		}
		if closed {
			out.write("event: end\ndata: {}\n\n")
			return
		}
		select {
		case <-changed:
		case <-beat.C:
			if out.write("event: beat\ndata: {}\n\n") != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

// stream writes to one client.
type stream struct {
	w       http.ResponseWriter
	wait    time.Duration
	control *http.ResponseController
	sent    []*part
}

// send writes the parts that the client does not have.
func (s *stream) send(parts []*part) error {
	for i, p := range parts {
		if i < len(s.sent) && s.sent[i] == p {
			continue
		}
		if err := s.write(string(p.event())); err != nil {
			return err
		}
	}
	s.sent = parts
	return nil
}

// write gives up if the client does not take the text in time.
func (s *stream) write(text string) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(s.wait)); err != nil {
		return err
	}
	if _, err := io.WriteString(s.w, text); err != nil {
		return err
	}
	return s.control.Flush()
}
