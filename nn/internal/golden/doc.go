// Package golden reads recorded results of PyTorch and Keras, for tests.
package golden
