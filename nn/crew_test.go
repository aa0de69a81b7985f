package nn_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
)

// The goroutines of a stepper, and of inference, end when nobody holds it.
func TestWorkersGoHome(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 5 {
		net := study(t)
		data := randomSamples(t, 40, 10, net.InputShape())
		step(t, nn.NewStepper(net, nn.CrossEntropy{}, 4), data, upTo(40))
		if _, err := net.Predict(data, 3); err != nil {
			t.Fatal(err)
		}
	}
	if n := runtime.NumGoroutine(); n <= before {
		t.Fatalf("%d goroutines before and %d while there is work", before, n)
	}
	for range 200 {
		runtime.GC()
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d two seconds after", before, runtime.NumGoroutine())
}

// Steps with long pauses between, in which workers fall asleep.
func TestWorkersWakeUp(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 40, 10, net.InputShape())
	s := nn.NewStepper(net, nn.CrossEntropy{}, 4)
	first := step(t, s, data, upTo(40))
	for range 20 {
		time.Sleep(5 * time.Millisecond)
		if again := step(t, s, data, upTo(40)); again != first {
			t.Fatalf("%+v after a pause, %+v before", again, first)
		}
	}
}
