package run

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// frozenRun begins a run whose convolution is frozen.
func frozenRun(t *testing.T, dir string) (s *Session, conv []*nn.Param) {
	t.Helper()
	net := toy.Network(settings().Seed)
	conv = net.Node("conv").Params
	for _, p := range conv {
		p.Frozen = true
	}
	s, err := Create(dir, settings(), net)
	if err != nil {
		t.Fatal(err)
	}
	return closing(t, s), conv
}

// Frozen parameters stay frozen when a run is resumed, and have no state of the optimizer.
func TestFrozenParametersResumeToo(t *testing.T) {
	root := t.TempDir()
	whole, resumed := filepath.Join(root, "whole"), filepath.Join(root, "resumed")
	s, conv := frozenRun(t, whole)
	mustFit(t, s)
	s, _ = frozenRun(t, resumed)
	mustFit(t, s, &stopAfter{steps: 3})
	s = goOn(t, resumed, nil)
	mustFit(t, s)
	if files(t, whole)[stateFile] != files(t, resumed)[stateFile] {
		t.Error("the state differs after a resume")
	}
	if got := frozen(s.Network); !slices.Equal(got, []string{"conv.weight", "conv.bias"}) {
		t.Errorf("after a resume %v are frozen", got)
	}
	for i, p := range toy.Network(settings().Seed).Node("conv").Params {
		if !slices.Equal(p.Data, conv[i].Data) || !slices.Equal(p.Data, s.Network.Param(p.FullName()).Data) {
			t.Errorf("%s has changed", p.FullName())
		}
	}
	for _, tensor := range s.tensors() {
		if strings.HasPrefix(tensor.Name, "optim/") && strings.Contains(tensor.Name, "/conv.") {
			t.Errorf("the state has %s", tensor.Name)
		}
	}
}

func TestAStateWithoutAParametersMomentsIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	s, _ := frozenRun(t, dir)
	end(t, s)
	asOld(t, dir)
	path := filepath.Join(dir, recordFile)
	write(t, path, strings.Replace(files(t, dir)[recordFile], `"conv.weight",`, "", 1))
	_, err := Open(dir)
	if want := `it has no tensor "optim/momentum/conv.weight", which model.onnx and run.json ask for`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}
