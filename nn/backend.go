package nn

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// Backend names the kernels that compute: avx512, avx2 or go. The processor decides, or
// the environment variable GONN_KERNEL; the error says that this, or GONN_REQUIRE, asks
// for kernels that are not there. Results are the same to the bit on one backend. Between
// backends sums round differently. With activations whose derivative is continuous the mean loss
// of a training is the same within 1e-4 after 100 steps; 1e-7 is usual. At a kink, as ReLU's and
// PReLU's, rounding decides between two derivatives, and trainings part: by up to 6e-3 after 100
// steps of the preset study with leaky:-1 on MNIST.
func Backend() (string, error) { return kernel.Backend() }

// Backends lists the kernels that this processor can run, the fastest first.
func Backends() []string { return kernel.Backends() }

// UseBackend makes all networks of the process compute with the named kernels until restore is
// called. It is for holding backends against each other: no network may run while it is
// called, and one that has run before keeps what it prepared for the kernels of then, so each
// backend needs a Network.Clone of its own.
func UseBackend(name string) (restore func(), err error) { return kernel.Use(name) }
