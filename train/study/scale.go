package study

// Scale is how much is measured.
type Scale struct {
	Name string `json:"name"`
	// Limit is the number of training samples of the study's network, and of test samples, 0
	// for all.
	Limit  int `json:"limit"`
	Epochs int `json:"epochs"` // of the study's network
	// Seeds are the trainings of one setting, and SweepSeeds those of the study's table.
	Seeds      int `json:"seeds"`
	SweepSeeds int `json:"sweep_seeds"`
	// Starts is the number of networks that are measured without training.
	Starts int `json:"starts"`
	// SmallEpochs are those of trainings on a small set, of SmallLimit samples.
	SmallEpochs int `json:"small_epochs"`
	SmallLimit  int `json:"small_limit"`
	// Sharpness of a landscape: networks of one activation, samples of the loss, directions and
	// products with the Hessian. Grid losses make a side of its picture.
	Landscapes int `json:"landscapes"`
	Samples    int `json:"samples"`
	Directions int `json:"directions"`
	Products   int `json:"products"`
	Grid       int `json:"grid"`
}

// Full is what the document is about; Quick is for a look at it, and its figures are worth no
// more than that.
var (
	Full = Scale{
		Name: "full", Epochs: 5, Seeds: 3, SweepSeeds: 10, Starts: 20, SmallEpochs: 100, SmallLimit: 2000,
		Landscapes: 5, Samples: 2000, Directions: 10, Products: 40, Grid: 21,
	}
	Quick = Scale{
		Name: "quick", Limit: 6000, Epochs: 2, Seeds: 2, SweepSeeds: 2, Starts: 5, SmallEpochs: 20, SmallLimit: 500,
		Landscapes: 2, Samples: 256, Directions: 2, Products: 6, Grid: 9,
	}
)
