// Package recipe turns settings into what a training needs, data, network, loss, optimizer
// and a run folder, and trains. It is what gonn train does, for programs, sweeps and tests:
//
//	s := recipe.Default()
//	s.Act, s.Epochs = "mish", 1
//	t, err := recipe.New(s)
//	…
//	err = t.Create("runs/mish")
//	defer t.Close()
//	history, err := t.Run()
//	model, result, err := t.Finish()
package recipe
