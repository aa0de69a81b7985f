package main

// layerFaults are in what layers, activations and losses compute.
var layerFaults = []fault{
	{
		name: "the gradient of a slope has the other sign",
		file: "nn/internal/kernel/act_go.go",
		old:  "sum += float32(g * v)",
		new:  "sum -= float32(g * v)",
		pkg:  "nn/activation", test: "TestActivationAsALayer",
		env: goLoops,
	},
	{
		name: "softmax does not subtract the largest logit",
		file: "nn/internal/kernel/softmax.go",
		old:  "e := math.Exp(float64(v) - float64(top[l]))",
		new:  "e := math.Exp(float64(v))",
		pkg:  "nn/loss", test: "TestCrossEntropyOfHugeLogits",
		env: goLoops,
	},
	{
		name: "the running variance is that of the batch alone",
		file: "nn/layer/batchnorm_train.go",
		old:  "unbiased = n / (n - 1)",
		new:  "unbiased = 1",
		pkg:  "nn/layer", test: "TestRunningStatisticsFollowTheBatches",
	},
	{
		name: "the bias has no gradient",
		file: "nn/internal/kernel/dense_go.go",
		old:  "db[o] += sum(dy[o*Lanes : (o+1)*Lanes])",
		new:  "db[o] += 0",
		pkg:  "nn/layer", test: "TestDense",
		env: goLoops,
	},
	{
		name: "dropout does not keep the mean",
		file: "nn/layer/dropout.go",
		old:  "scale := 1 / (1 - o.rate)",
		new:  "scale := 1 + 0*o.rate",
		pkg:  "nn/layer", test: "TestDropoutDropsItsShareAndKeepsTheMean",
	},
	{
		name: "Grad-CAM shows what speaks against a class too",
		file: "nn/saliency/gradcam.go",
		old:  "float32(max(0, v))",
		new:  "float32(v)",
		pkg:  "nn/saliency", test: "TestByHand",
	},
	{
		name: "mistakes begin with the smallest loss",
		file: "nn/score/mistakes.go",
		old:  "cmp.Compare(b.Loss, a.Loss)",
		new:  "cmp.Compare(a.Loss, b.Loss)",
		pkg:  "nn/score", test: "TestMistakesWorstFirst",
	},
}
