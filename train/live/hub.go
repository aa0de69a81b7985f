package live

import "sync"

// hub has the newest state for all clients.
type hub struct {
	mu      sync.Mutex
	parts   []*part       // by name, in the order of their first publication
	changed chan struct{} // closed when the state changes
	closed  bool
	ending  func(err error) *part // how the training ended, nil if none was watched
	streams int
	clients sync.WaitGroup
}

func newHub() *hub { return &hub{changed: make(chan struct{})} }

// publish replaces parts of the state. It never waits for a client.
func (h *hub) publish(parts ...*part) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.put(parts)
	}
}

func (h *hub) put(parts []*part) {
	for _, p := range parts {
		h.parts = replace(h.parts, p)
	}
	close(h.changed)
	h.changed = make(chan struct{})
}

// replace gives a list with a part in the place of that with its name. Clients may hold the
// old list.
func replace(list []*part, p *part) []*part {
	next := append(make([]*part, 0, len(list)+1), list...)
	for i, old := range next {
		if old.name == p.name {
			next[i] = p
			return next
		}
	}
	return append(next, p)
}

// latest is the state, a channel that is closed when it changes, and whether it does no more.
func (h *hub) latest() (parts []*part, changed <-chan struct{}, closed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.parts, h.changed, h.closed
}

// close publishes how the training ended, the last change.
func (h *hub) close(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.closed = true
	var last []*part
	if h.ending != nil {
		last = append(last, h.ending(err))
	}
	h.put(last)
}

// join takes in a client, if there are not too many; it must call leave.
func (h *hub) join() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.streams == maxStreams {
		return false
	}
	h.streams++
	h.clients.Add(1)
	return true
}

func (h *hub) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.streams--
	h.clients.Done()
}

// wait waits until all clients have left.
func (h *hub) wait() { h.clients.Wait() }
