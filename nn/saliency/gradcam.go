package saliency

import "github.com/gonn-toolkit/gonn/nn"

// gradCAM is Grad-CAM (Selvaraju et al. 2017, equations 1 and 2) of maps A and the gradient of
// the score with respect to them, both (N, K, h, w):
//
//	L = max(0, Σ_k α_k·A_k), where α_k is the mean of ∂score/∂A_k over all places
//
// It is of shape (N, h, w).
func gradCAM(maps, gradients *nn.Tensor) *nn.Tensor {
	n, channels, h, w := maps.Shape[0], maps.Shape[1], maps.Shape[2], maps.Shape[3]
	cam := nn.NewTensor(n, h, w)
	sum := make([]float64, h*w)
	for i := range n {
		clear(sum)
		a, g := maps.Sample(i), gradients.Sample(i)
		for k := range channels {
			alpha := mean(g[k*h*w : (k+1)*h*w])
			for j, v := range a[k*h*w : (k+1)*h*w] {
				sum[j] += alpha * float64(v)
			}
		}
		for j, v := range sum {
			cam.Sample(i)[j] = float32(max(0, v))
		}
	}
	return cam
}

func mean(v []float32) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x)
	}
	return sum / float64(len(v))
}
