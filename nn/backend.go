package nn

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// Backend names the kernels that compute: avx512, avx2 or go. The processor decides, or
// the environment variable GONN_KERNEL; the error says that this, or GONN_REQUIRE, asks
// for kernels that are not there. Results are the same to the bit on one backend, and
// close between backends.
func Backend() (string, error) { return kernel.Backend() }
