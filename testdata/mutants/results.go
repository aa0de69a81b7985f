package main

// resultFaults are in what is said of the results of runs.
var resultFaults = []fault{
	{
		name: "a prediction interval forgets the spread of the run itself",
		file: "train/stats/interval.go",
		old:  "around(x, level, 1+1/float64(len(x)))",
		new:  "around(x, level, 1/float64(len(x)))",
		pkg:  "train/stats", test: "TestIntervalsAreThoseOfSciPy",
	},
	{
		name: "Holm's correction adjusts a p-value to less than a smaller one",
		file: "train/stats/holm.go",
		old:  "least = max(least, min(1,",
		new:  "least = max(0, min(1,",
		pkg:  "train/stats", test: "TestHolmIsStatsmodels",
	},
	{
		name: "a run that ends while it is read counts as stopped",
		file: "train/run/summary.go",
		old:  "case r.Result != nil:",
		new:  "case r.Result != nil && !training:",
		pkg:  "train/run", test: "TestSummary",
	},
}
