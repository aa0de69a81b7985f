// Package live shows a training in a browser while it runs: the loss of batches, the series of
// epochs, and how learned slopes are spread and move.
//
//	server, err := live.Listen(0)
//	…
//	history, err := train.Fit(net, samples, train.Config{…, Callbacks: []train.Callback{server.Watch(live.Run{…})}})
//	server.Close(err)
//
// The server listens on the loopback address only and answers GET and HEAD of two addresses,
// the page and its events. The page can change nothing, needs no other server, and is refused
// to requests that name another host (DNS rebinding) or come from another site. Whoever may
// open connections on this machine can read it.
//
// A client that is slow or does not read never holds up the training: it gets the newest state
// when it is ready, and those between are dropped.
package live
