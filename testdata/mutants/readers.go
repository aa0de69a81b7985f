package main

// readerFaults are in the readers of data sets.
var readerFaults = []fault{
	{
		name: "the length of a .npy file is not compared",
		file: "train/data/npy.go",
		old:  "; got != need {",
		new:  "; got < 0*need {",
		pkg:  "train/data", test: "TestNPYRefusesBrokenFiles",
	},
	{
		name: "an IDX file may go on behind its data",
		file: "train/data/idx.go",
		old:  "\tcase n > 0:\n\t\treturn f.trailing(dims, need)\n",
		new:  "\tcase n > 0:\n\t\treturn nil\n",
		pkg:  "train/data", test: "TestIDXInflatesNoMoreThanDeclared",
	},
	{
		name: "a small file may inflate to any size",
		file: "train/data/idx.go",
		old:  "if h.need > inflatable(h.size) {",
		new:  "if h.need < 0*h.size {",
		pkg:  "train/data", test: "TestIDXRefusesBrokenFiles",
	},
	{
		name: "pixels are normalised twice",
		file: "train/data/normalize.go",
		old:  "row[i+l] = v.normalize(c, row[i+l])",
		new:  "row[i+l] = v.normalize(c, v.normalize(c, row[i+l]))",
		pkg:  "train/data", test: "TestNormalizeIsPerChannel",
	},
	{
		name: "pictures that shrink are not averaged",
		file: "train/data/resize.go",
		old:  "draw.CatmullRom.Scale(",
		new:  "draw.NearestNeighbor.Scale(",
		pkg:  "train/data", test: "TestResizeAveragesWhatShrinks",
	},
}
