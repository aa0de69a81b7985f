package bundle

import (
	"encoding/json"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/internal/strictjson"
)

// Format is the version of the format.
const Format = 1

// Description is the content of bundle.json.
type Description struct {
	Format    int               `json:"format"`
	Framework string            `json:"framework"`           // pytorch, keras or gonn
	Semantics string            `json:"semantics,omitempty"` // of gonn: pytorch or keras
	Backend   string            `json:"backend,omitempty"`   // of Keras: tensorflow, jax or torch
	Versions  map[string]string `json:"versions"`            // of packages
	Loss      Loss              `json:"loss"`
	Optimizer Optimizer         `json:"optimizer"`
	Clip      Clip              `json:"clip"`
	Steps     int               `json:"steps"`
	// Parameters are all tensors of the model, running statistics included.
	Parameters []Parameter `json:"parameters"`
	BatchNorm  []BatchNorm `json:"batch_norm"`
	Dropout    []Dropout   `json:"dropout"`
}

// Loss is the loss of a training.
type Loss struct {
	Form         string    `json:"form"`                    // as loss.Parse spells it
	Class        string    `json:"class,omitempty"`         // the framework's name
	ClassWeights []float64 `json:"class_weights,omitempty"` // PyTorch's weight
	// Probabilities: a cross-entropy takes the output of a softmax (Keras's from_logits=False),
	// and not logits.
	Probabilities bool `json:"probabilities,omitempty"`
}

// Optimizer is an optimizer with every constant of it.
type Optimizer struct {
	Name       string   `json:"name"` // one of optim.Names
	Class      string   `json:"class,omitempty"`
	Beta1      *float64 `json:"beta1,omitempty"`
	Beta2      *float64 `json:"beta2,omitempty"`
	Epsilon    *float64 `json:"epsilon,omitempty"`
	Rho        *float64 `json:"rho,omitempty"`
	Momentum   float64  `json:"momentum,omitempty"`
	Nesterov   bool     `json:"nesterov,omitempty"`
	Centered   bool     `json:"centered,omitempty"`
	Start      *float64 `json:"initial_accumulator,omitempty"`
	Iterations int      `json:"iterations"` // steps that it had taken before the first one recorded
	// ByStep has momentum, beta1 or beta2, by these names, where a schedule changes it: one number
	// a step, the first of them the constant above.
	ByStep map[string][]float64 `json:"by_step,omitempty"`
	Groups []Group              `json:"groups"`
}

// Group is a group of parameters with settings of its own.
type Group struct {
	Params      []string  `json:"params"`
	WeightDecay float64   `json:"weight_decay"`
	LR          []float64 `json:"lr"` // one a step, as the schedule gave it
}

// Clip limits the gradients as optim.Clip does; its zero value does not.
type Clip struct {
	Norm  float64 `json:"norm,omitempty"`
	Each  bool    `json:"each,omitempty"`
	Value float64 `json:"value,omitempty"`
}

// Parameter is a parameter or running statistic.
type Parameter struct {
	Name      string `json:"name"`
	Shape     []int  `json:"shape"`
	Statistic bool   `json:"statistic"`
	Trained   bool   `json:"trained"` // it has a gradient
}

// BatchNorm has the settings of a batch normalisation, and the names of its tensors.
type BatchNorm struct {
	Name     string  `json:"name"`
	Weight   string  `json:"weight,omitempty"` // none if it is left out, as by Keras's scale=False
	Bias     string  `json:"bias,omitempty"`
	Mean     string  `json:"running_mean"`
	Variance string  `json:"running_var"`
	Epsilon  float64 `json:"epsilon"`
	Momentum float64 `json:"momentum"` // the weight of the old value
}

// Dropout is a Dropout, by the name of its masks. Its ratio in model.onnx has that name too,
// unless Layer names its node.
type Dropout struct {
	Name  string  `json:"name"`
	Layer string  `json:"layer,omitempty"`
	Rate  float64 `json:"rate"`
}

// FrameworkSemantics are the semantics of the framework.
func (d *Description) FrameworkSemantics() nn.Semantics {
	if d.Framework == "keras" || d.Framework == "gonn" && d.Semantics == "keras" {
		return nn.Keras
	}
	return nn.PyTorch
}

// parse reads a description and checks it.
func parse(b []byte) (Description, error) {
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return Description{}, fmt.Errorf("not JSON of a bundle: %w", err)
	}
	if head.Format != Format {
		return Description{}, fmt.Errorf("format %d is not read; need %d: record again with the file that this gonn writes", head.Format, Format)
	}
	var d Description
	if err := strictjson.Decode(b, &d); err != nil {
		return Description{}, err
	}
	return d, d.check()
}
