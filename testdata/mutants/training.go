package main

// trainingFaults are in the steps of a training and in going on with one.
var trainingFaults = []fault{
	{
		name: "momentum is forgotten on resume",
		file: "train/run/state.go",
		old:  "\t\tcopy(t.Data, f.Tensors[i].Data)\n",
		new:  "\t\tif t.Name[0] != 'o' {\n\t\t\tcopy(t.Data, f.Tensors[i].Data)\n\t\t}\n",
		pkg:  "train/run", test: "TestSGDResumesToo",
	},
	{
		name: "the order of the samples is not that of the epoch after a resume",
		file: "train/fit.go",
		old:  "data.Permutation(f.cfg.Seed, f.Position.Epoch, f.Samples)",
		new:  "data.Permutation(f.cfg.Seed, f.Position.Epoch-f.cfg.Start.Epoch, f.Samples)",
		pkg:  "train", test: "TestStoppingAndGoingOnGivesTheSameBytes",
	},
	{
		name: "a resume begins the epoch anew",
		file: "train/run/checkpoint.go",
		old:  "Start:     s.position,",
		new:  "Start:     train.Position{Epoch: s.position.Epoch},",
		pkg:  "train/run", test: "TestResumeGivesTheSameBytesAsNotStopping",
	},
	{
		name: "Adam's bias correction starts anew after a resume",
		file: "train/run/state.go",
		old:  `{"optimizer_steps", &s.optimizer.State().Steps},`,
		new:  `{"optimizer_steps", new(int)},`,
		pkg:  "train/run", test: "TestResumeGivesTheSameBytesAsNotStopping",
	},
	{
		name: "early stopping starts anew after a resume",
		file: "train/run/state.go",
		old:  `{"early_stopping_waited", &s.early.Waited},`,
		new:  `{"early_stopping_waited", new(int)},`,
		pkg:  "train/run", test: "TestEarlyStoppingHoldsOverAResume",
	},
	{
		name: "metrics forget the steps before a resume",
		file: "train/run/metrics.go",
		old:  "if s.position.Step == 0 {",
		new:  "if s.position.Step >= 0 {",
		pkg:  "train/run", test: "TestResumeGivesTheSameBytesAsNotStopping",
	},
	{
		name: "a loss that is not finite goes unnoticed",
		file: "train/fit.go",
		old:  "if err := f.checkLoss(idx); err != nil {",
		new:  "if err := f.checkLoss(idx); err != nil && len(idx) == 0 {",
		pkg:  "train", test: "TestNonFiniteValuesEndTrainingInTheirStep",
	},
	{
		name: "an infinite gradient goes unnoticed",
		file: "nn/nonfinite/nonfinite.go",
		old:  "return carry>>31 != 0",
		new:  "return carry>>31 != 0 && len(v) == 0",
		pkg:  "train", test: "TestNonFiniteValuesEndTrainingInTheirStep",
	},
	{
		name: "the last block's gradients are dropped from nine blocks on",
		file: "nn/internal/exec/blocks.go",
		old:  "for _, s := range r.slots[1:r.blocks] {",
		new:  "for _, s := range r.slots[1 : r.blocks-r.blocks/9] {",
		pkg:  "nn/internal/exec", test: "TestGradientsOfManyBlocksAddUp",
	},
	{
		name: "the order of a sum depends on the number of workers",
		file: "nn/internal/exec/blocks.go",
		old:  "\tfor _, s := range r.slots[1:r.blocks] {\n",
		new:  "\tfor b := range r.blocks - 1 {\n\t\ts := r.slots[1+(b+r.pool.size)%(r.blocks-1)]\n",
		pkg:  "nn", test: "TestGradientsAreTheSameBitsForAnyNumberOfWorkers",
	},
	{
		name: "running statistics follow the samples of an evaluation",
		file: "nn/options.go",
		old:  "Workers: workers, Outputs: n.outputValues(), Fast",
		new:  "Training: true, Workers: workers, Outputs: n.outputValues(), Fast",
		pkg:  "nn", test: "TestInferenceLeavesTheNetworkAsItIs",
	},
	{
		name: "Adam corrects the bias of the step before",
		file: "nn/optim/adam.go",
		old:  "t, c := float64(a.state.Steps), a.config.Constants",
		new:  "t, c := float64(max(1, a.state.Steps-1)), a.config.Constants",
		pkg:  "nn/optim", test: "TestStepsFollowTheDefinitions",
	},
}
