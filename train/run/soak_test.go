package run

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// TestSoak trains one run after the other, stopping and resuming, while 32 goroutines infer.
// All runs end with the same bytes, all inferences give the same bits, and memory and
// goroutines do not grow. GONN_SOAK says how long it takes, such as 30m; it is a second
// without.
func TestSoak(t *testing.T) {
	long := time.Second
	if text := os.Getenv("GONN_SOAK"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		long = d
	}
	nets, err := soakedNets()
	if err != nil {
		t.Fatal(err)
	}
	s := &soak{root: t.TempDir(), nets: nets, end: time.Now().Add(long)}
	var all sync.WaitGroup
	all.Go(func() { s.train(t) })
	for i := range uint64(32) {
		all.Go(func() { s.infer(t, i) })
	}
	use := s.watch(t, long)
	all.Wait()
	t.Logf("soak: in %v %d trainings of the same bytes, %d resumes, %d inferences of the same bits; %v",
		long, s.runs.Load(), s.resumes.Load(), s.inferences.Load(), use)
	if s.runs.Load() == 0 || s.inferences.Load() == 0 {
		t.Error("nothing was trained or inferred")
	}
	if long >= 10*time.Second {
		use.check(t)
	}
}

type soak struct {
	root                      string
	end                       time.Time
	runs, resumes, inferences atomic.Int64
	world                     sync.RWMutex // held for reading while anything works
	folder                    sync.RWMutex // over current
	current                   string       // a run that is trained, or has just been
	nets                      []*soakedNet
}

func (s *soak) over() bool { return time.Now().After(s.end) }

// train trains runs of the same settings, each of which is stopped now and then.
func (s *soak) train(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var want, last string
	for k := 0; !s.over() || k == 0; k++ {
		dir := filepath.Join(s.root, fmt.Sprint(k))
		set := settings()
		set.Epochs = 8
		session, err := Create(dir, set, toy.Network(set.Seed))
		s.folder.Lock()
		s.current = dir
		os.RemoveAll(last)
		s.folder.Unlock()
		last = dir
		for err == nil {
			steps := 1 + random.IntN(20)
			s.world.RLock()
			err = fit(session, &soakStep{stopAfter{steps: steps}, s})
			s.world.RUnlock()
			done := session.position.Epoch == set.Epochs
			if closed := session.Close(); err == nil {
				err = closed
			}
			if done || err != nil {
				break
			}
			s.resumes.Add(1)
			session, err = Resume(dir, nil)
		}
		if err != nil {
			t.Errorf("run %d: %v", k, err)
			return
		}
		b, err := os.ReadFile(filepath.Join(dir, modelFile))
		if want == "" {
			want = string(b)
		}
		if err != nil || string(b) != want {
			t.Errorf("run %d ends with another model than the first (%v)", k, err)
			return
		}
		s.runs.Add(1)
	}
}

// soakStep stops after some steps, and lets the watch have the world between two.
type soakStep struct {
	stopAfter
	soak *soak
}

func (c *soakStep) BatchEnd(st *train.State) error {
	c.soak.world.RUnlock()
	c.soak.world.RLock()
	return c.stopAfter.BatchEnd(st)
}

// soakedNet is a network with a batch and what it makes of it, alone and in blocks.
type soakedNet struct {
	net       *nn.Network
	x         *nn.Tensor
	executors chan *nn.Executor // that goroutines share, one at a time
	want      [2][]float32
}

func soakedNets() (list []*soakedNet, err error) {
	toys := toy.Network(5)
	lenet, err := preset.Build("lenet5", nn.Shape{1, 28, 28}, 10, activation.Must("leaky:-1"))
	if err != nil {
		return nil, err
	}
	lenet.Init(nn.PyTorchInit, 1)
	for _, net := range []*nn.Network{toys, lenet} {
		s := &soakedNet{net: net, x: nn.NewTensor(append([]int{3}, net.InputShape()...)...), executors: make(chan *nn.Executor, 4)}
		for i := range s.x.Data {
			s.x.Data[i] = float32(i%17) / 17
		}
		for range cap(s.executors) {
			e, err := nn.NewExecutor(net, nn.ExecutorConfig{InBlocks: true, Workers: 2})
			if err != nil {
				return nil, err
			}
			s.executors <- e
		}
		for i := range s.want {
			if s.want[i], err = s.run(i); err != nil {
				return nil, err
			}
		}
		list = append(list, s)
	}
	return list, nil
}

// run infers with the network itself, which many goroutines do at once, or with an executor.
func (s *soakedNet) run(way int) ([]float32, error) {
	if way == 0 {
		y, err := s.net.Forward(s.x)
		if err != nil {
			return nil, err
		}
		return y.Data, nil
	}
	e := <-s.executors
	defer func() { s.executors <- e }()
	r, err := e.Run(map[string]*nn.Tensor{nn.InputName: s.x}, nil)
	if err != nil {
		return nil, err
	}
	return r.Outputs[s.net.Outputs()[0].Name].Data, nil
}

// infer infers until the end, and sometimes opens the run that is trained.
func (s *soak) infer(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 2))
	for first := true; first || !s.over() && !t.Failed(); first = false {
		s.world.RLock()
		net, way := s.nets[random.IntN(len(s.nets))], random.IntN(2)
		got, err := net.run(way)
		if err != nil || !slices.Equal(got, net.want[way]) {
			t.Errorf("an inference gives %v, %v; want %v", got, err, net.want[way])
		}
		if random.IntN(1000) == 0 {
			s.open(t)
		}
		s.world.RUnlock()
		s.inferences.Add(1)
	}
}

func (s *soak) open(t *testing.T) {
	s.folder.RLock()
	defer s.folder.RUnlock()
	if s.current == "" {
		return
	}
	r, err := Open(s.current)
	if err == nil {
		_, err = r.Network.Forward(nn.NewTensor(append([]int{1}, r.Network.InputShape()...)...))
	}
	if err != nil {
		t.Errorf("a run that is trained cannot be opened: %v", err)
	}
}
