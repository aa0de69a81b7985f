package cause

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
)

// subjects are the networks in which bugs are planted.
var subjects = []struct {
	name, act string
	in        nn.Shape
}{
	{"study", "prelu:channel", nn.Shape{1, 20, 20}},
	{"study", "swish-beta:channel", nn.Shape{1, 20, 20}},
	{"lenet5", "leaky:0.1", nn.Shape{1, 28, 28}},
	{"vgg8", "prelu:channel", nn.Shape{3, 16, 16}},
	{"resnet20", "prelu:channel", nn.Shape{3, 16, 16}},
	{"mobilenet-small", "leaky:-0.3", nn.Shape{3, 16, 16}},
}

// score counts findings.
type score struct{ cases, layer, cause, none int }

// TestPlanted plants each bug in each network that takes it, and counts how often its layer and
// cause are named.
func TestPlanted(t *testing.T) {
	verbose := os.Getenv("GONN_CAUSE_TABLE") != ""
	placements := 1
	if verbose {
		placements = 2
	}
	for _, inner := range []bool{true, false} {
		var all score
		for k, s := range subjects {
			net, x := network(t, s.name, s.in, s.act, uint64(k+1), 16)
			recorded := record(t, net, x)
			for b, bug := range bugs {
				if bug.inner && !inner {
					continue
				}
				var places []*nn.Node
				for _, node := range net.Nodes() {
					if bug.at(net, node) {
						places = append(places, node)
					}
				}
				rng := rand.New(rand.NewPCG(uint64(k), uint64(b)))
				rng.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
				done := 0
				for _, node := range places {
					if done == placements {
						break
					}
					port := bug.plant(t, net, node, rng)
					if port == nil {
						continue
					}
					c := caseOf(port, x, recorded, net, inner)
					start := time.Now()
					f := find(t, c)
					took := time.Since(start)
					if f.Before < 10 {
						continue
					}
					done++
					want := node.Name
					if bug.layer != "" {
						want = bug.layer
					}
					all.cases++
					verdict := "none"
					if f.Cause == nil {
						all.none++
						if f.FirstWrong == want {
							all.layer++
						}
					} else {
						verdict = "WRONG"
						if f.Cause.Layer == want {
							all.layer++
							verdict = "cause"
						}
						if slices.Contains(bug.kinds, f.Cause.Kind) {
							all.cause++
							if verdict == "cause" {
								verdict = "ok"
							} else {
								verdict = "layer"
							}
						}
					}
					if verbose || verdict != "ok" {
						text := ""
						if f.Cause != nil {
							text = fmt.Sprintf("%s [%s] %.2g → %.2g", f.Cause.Text, f.Cause.Layer, f.Cause.Before, f.Cause.After)
						}
						t.Logf("inner %-5v %-15s %-14s %-14s %-6s %5d ms first %s before %.3g: %s", inner, s.name, bug.name, want, verdict, took.Milliseconds(), f.FirstWrong, f.Before, text)
					}
				}
			}
		}
		t.Logf("inner %v: %d cases, layer %d, cause %d, none %d", inner, all.cases, all.layer, all.cause, all.none)
	}
}
