package nn_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// The goroutines of a stepper, and of inference, end when nothing refers to it.
func TestWorkersEnd(t *testing.T) {
	before := settled()
	for range 5 {
		net := study(t)
		data := randomSamples(t, 40, 10, net.InputShape())
		step(t, nn.NewStepper(net, loss.CrossEntropy{}, 4), data, upTo(40))
		if _, err := net.Predict(data, 3); err != nil {
			t.Fatal(err)
		}
	}
	if n := runtime.NumGoroutine(); n <= before {
		t.Fatalf("%d goroutines before and %d while there is work", before, n)
	}
	if after := settled(); after > before {
		t.Errorf("%d goroutines before, %d afterwards", before, after)
	}
}

// settled is the number of goroutines when those that only garbage refers to have ended:
// when it has been the same for a while in which the collector ran several times.
func settled() int {
	n, same := runtime.NumGoroutine(), 0
	for same < 20 {
		runtime.GC()
		time.Sleep(5 * time.Millisecond)
		if now := runtime.NumGoroutine(); now == n {
			same++
		} else {
			n, same = now, 0
		}
	}
	return n
}

// Steps with long pauses between them, in which workers sleep.
func TestWorkersWakeUp(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 40, 10, net.InputShape())
	s := nn.NewStepper(net, loss.CrossEntropy{}, 4)
	first := step(t, s, data, upTo(40))
	for range 20 {
		time.Sleep(5 * time.Millisecond)
		if again := step(t, s, data, upTo(40)); again != first {
			t.Fatalf("%+v after a pause, %+v before", again, first)
		}
	}
}
