package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"time"
)

// DefaultPort is the port that Listen prefers, so that a page that is still open finds the next
// training.
const DefaultPort = 6116

// Limits of what clients may take.
const (
	maxConnections = 64
	maxStreams     = 16
	maxHeaderBytes = 8 << 10
)

// timeouts say how long the server waits for clients.
type timeouts struct {
	read  time.Duration // for a request
	write time.Duration // for a client to take an answer, or an event
	idle  time.Duration // for the next request
	beat  time.Duration // between events of a stream: the page takes a longer silence for the loss of the connection
	close time.Duration // until connections are cut when the training has ended
}

var patient = timeouts{read: 5 * time.Second, write: 5 * time.Second, idle: 30 * time.Second, beat: 5 * time.Second, close: time.Second}

// Server serves the page of one training on the loopback address.
type Server struct {
	port   int
	wait   timeouts
	hub    *hub
	http   *http.Server
	served chan struct{} // closed when err is why the server has ended
	err    error
}

// Listen starts a server on 127.0.0.1. Port 0 stands for DefaultPort or, if that is taken, for
// one that is free. Close ends the server.
func Listen(port int) (*Server, error) {
	l, err := listen(port)
	if err != nil {
		return nil, err
	}
	return serve(l, patient), nil
}

func serve(l net.Listener, wait timeouts) *Server {
	s := &Server{port: l.Addr().(*net.TCPAddr).Port, wait: wait, hub: newHub(), served: make(chan struct{})}
	s.http = &http.Server{
		Handler:                      s.handler(),
		ReadTimeout:                  wait.read,
		WriteTimeout:                 wait.write, // events set theirs anew before each write
		IdleTimeout:                  wait.idle,
		MaxHeaderBytes:               maxHeaderBytes,
		DisableGeneralOptionsHandler: true,                       // OPTIONS * is refused as others are
		ErrorLog:                     log.New(io.Discard, "", 0), // what clients do wrong is no news of the training
	}
	go func() {
		defer close(s.served)
		s.err = s.http.Serve(newLimited(l, maxConnections))
	}()
	return s
}

func listen(port int) (net.Listener, error) {
	if port < 0 || port > 65535 {
		return nil, fmt.Errorf("port %d: need a number from 1 to 65535, or 0 for any that is free", port)
	}
	if port != 0 {
		return net.Listen("tcp4", address(port))
	}
	l, err := net.Listen("tcp4", address(DefaultPort))
	if err != nil {
		return net.Listen("tcp4", address(0))
	}
	return l, nil
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// URL is the address of the page.
func (s *Server) URL() string { return "http://" + address(s.port) + "/" }

// Close ends the server. Pages that are open keep what they show and say how the training
// ended: with err, or well if that is nil. Clients that take no more are cut off.
func (s *Server) Close(err error) error {
	s.hub.close(err)
	ctx, cancel := context.WithTimeout(context.Background(), s.wait.close)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		s.http.Close()
	}
	<-s.served
	s.hub.wait()
	if !errors.Is(s.err, http.ErrServerClosed) {
		return fmt.Errorf("the page on %s: %w", s.URL(), s.err)
	}
	return nil
}
