package live

import (
	"net"
	"sync"
)

// limited is a listener that has a number of connections open at most, and cuts off those
// beyond.
type limited struct {
	net.Listener
	free chan struct{} // a token for each connection that may still be opened
}

func newLimited(l net.Listener, n int) *limited {
	free := make(chan struct{}, n)
	for range n {
		free <- struct{}{}
	}
	return &limited{l, free}
}

func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		select {
		case <-l.free:
			return &limitedConn{Conn: c, release: sync.OnceFunc(func() { l.free <- struct{}{} })}, nil
		default:
			c.Close()
		}
	}
}

type limitedConn struct {
	net.Conn
	release func()
}

func (c *limitedConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}
