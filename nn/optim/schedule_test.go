package optim

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// goldenSchedules are the rates of a framework's own schedulers
// (testdata/ref/golden_schedule.py).
type goldenSchedules struct {
	Framework     string
	LR            float64
	StepsPerEpoch int `json:"steps_per_epoch"`
	Epochs        int
	Cases         []struct {
		Schedule, Warmup, Is string
		Rates                []float64
	}
	Losses   []float64
	Plateaus []struct {
		Schedule string
		Rates    []float64
	}
}

func readSchedules(t *testing.T, s nn.Semantics) (g goldenSchedules) {
	t.Helper()
	readJSON(t, "schedule-"+s.String(), &g)
	want := map[nn.Semantics]int{nn.PyTorch: 14, nn.Keras: 9}[s]
	if g.Framework != s.String() || len(g.Cases) != want || len(g.Plateaus) != 5 || len(g.Losses) != 100 {
		t.Fatalf("%s: %d schedules and %d plateaus, want %d and 5", g.Framework, len(g.Cases), len(g.Plateaus), want)
	}
	return g
}

func parse(t *testing.T, spelled, warmup string, s nn.Semantics, epochs int) Schedule {
	t.Helper()
	schedule, err := ParseSchedule(spelled, s, epochs)
	if err == nil && warmup != "" {
		schedule, err = ParseWarmup(warmup, schedule)
	}
	if err != nil {
		t.Fatal(err)
	}
	return schedule
}

// rateTolerance: PyTorch multiplies float64 factors, Keras computes in float32.
var rateTolerance = map[nn.Semantics]float64{nn.PyTorch: 1e-9, nn.Keras: 2e-6}

func TestRatesEqualTheFramework(t *testing.T) {
	for _, s := range bothSemantics {
		g := readSchedules(t, s)
		for _, c := range g.Cases {
			schedule := parse(t, c.Schedule, c.Warmup, s, g.Epochs)
			if len(c.Rates) != 100 {
				t.Fatalf("%s: %d rates", c.Schedule, len(c.Rates))
			}
			worst := 0.0
			for step, want := range c.Rates {
				at := Time{Step: step, PerEpoch: g.StepsPerEpoch, Total: g.StepsPerEpoch * g.Epochs}
				got := schedule.At(g.LR, at)
				d := math.Abs(got-want) / g.LR
				if worst = max(worst, d); !(d <= rateTolerance[s]) {
					t.Errorf("%v %s %s (%s): step %d has rate %.10g, want %.10g", s, c.Schedule, c.Warmup, c.Is, step, got, want)
				}
			}
			t.Logf("%v %s %s (%s): %.1e off", s, c.Schedule, c.Warmup, c.Is, worst)
		}
	}
}

func TestSchedulesFollowTheirFormulas(t *testing.T) {
	const lr, perEpoch, total = 0.5, 10, 200
	for _, c := range []struct {
		schedule Schedule
		rate     func(step float64) float64
	}{
		{Constant{}, func(float64) float64 { return lr }},
		{StepDecay{Span{Epochs: 3}, 0.5}, func(t float64) float64 { return lr * math.Pow(0.5, math.Floor(t/30)) }},
		{StepDecay{Span{Steps: 7}, 0.9}, func(t float64) float64 { return lr * math.Pow(0.9, math.Floor(t/7)) }},
		{Exponential{0.9, Span{Steps: 7}}, func(t float64) float64 { return lr * math.Exp(t/7*math.Log(0.9)) }},
		{Cosine{Min: 0.1}, func(t float64) float64 { return 0.3 + 0.2*math.Cos(math.Pi*t/200) }},
		{Cosine{Min: 0.1, Until: Span{Epochs: 5}}, func(t float64) float64 { return 0.3 + 0.2*math.Cos(math.Pi*min(t/50, 1)) }},
		{MultiStep{[]Span{{Epochs: 4}, {Steps: 150}}, 0.1}, func(t float64) float64 {
			switch {
			case t < 40:
				return lr
			case t < 150:
				return lr / 10
			}
			return lr / 100
		}},
		{OneCycle{Up: 0.25, Div: 10, Final: 100}, func(t float64) float64 {
			if t <= 49 {
				return 0.275 - 0.225*math.Cos(math.Pi*t/49)
			}
			return 0.25025 + 0.24975*math.Cos(math.Pi*(t-49)/150)
		}},
		{Warmup{Span{Epochs: 2}, 0.2, Constant{}}, func(t float64) float64 { return 0.1 + 0.4*min(t/20, 1) }},
		{Warmup{Span{Steps: 50}, 0, Cosine{}}, func(t float64) float64 {
			if t < 50 {
				return 0.01 * t
			}
			return 0.25 + 0.25*math.Cos(math.Pi*(t-50)/150)
		}},
		{ByEpoch{Cosine{}}, func(t float64) float64 { return 0.25 + 0.25*math.Cos(math.Pi*math.Floor(t/10)/20) }},
		{Warmup{Span{Steps: 5}, 0, ByEpoch{Exponential{0.5, Span{Epochs: 1}}}}, func(t float64) float64 {
			if t < 5 {
				return 0.1 * t
			}
			return lr * math.Pow(0.5, math.Floor((t-5)/10))
		}},
	} {
		for step := range total {
			got, want := c.schedule.At(lr, Time{Step: step, PerEpoch: perEpoch, Total: total}), c.rate(float64(step))
			if !(math.Abs(got-want) <= 1e-12) {
				t.Errorf("%v: step %d has rate %v, want %v", c.schedule, step, got, want)
			}
		}
	}
}

// A resumed run may train longer than its schedule, and a warm-up may be longer than the
// training.
func TestSchedulesStayAtTheirEnd(t *testing.T) {
	for _, c := range []struct {
		schedule Schedule
		at       Time
		want     float64
	}{
		{Cosine{Min: 0.1, Until: Span{Epochs: 2}}, Time{Step: 35, PerEpoch: 10, Total: 100}, 0.1},
		{OneCycle{Up: 0.3, Div: 10, Final: 10, Until: Span{Epochs: 2}}, Time{Step: 35, PerEpoch: 10, Total: 100}, 0.01},
		{Warmup{Span{Epochs: 2}, 0, Cosine{Min: 0.1, Until: Span{Epochs: 1}}}, Time{Step: 25, PerEpoch: 10, Total: 100}, 0.1},
		{Warmup{Span{Epochs: 2}, 0, Cosine{}}, Time{Step: 10, PerEpoch: 10, Total: 10}, 0.5},
		{OneCycle{Up: 1, Div: 10, Final: 10}, Time{Step: 9, PerEpoch: 10, Total: 10}, 1},
		{OneCycle{Up: 1, Div: 10, Final: 10}, Time{Step: 0, PerEpoch: 1, Total: 1}, 0.01},
		{OneCycle{Up: 0, Div: 10, Final: 10}, Time{Step: 9, PerEpoch: 10, Total: 10}, 0.01},
	} {
		if got := c.schedule.At(1, c.at); !(math.Abs(got-c.want) <= 1e-12) {
			t.Errorf("%v at %+v: rate %v, want %v", c.schedule, c.at, got, c.want)
		}
	}
}
