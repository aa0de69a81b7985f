// Package lrfind finds learning rates by a range test: a short training whose rate rises from
// step to step while its loss is watched (Smith, Cyclical Learning Rates for Training Neural
// Networks, 2017), as fastai's lr_find and Lightning's learning rate finder do it. The loss
// falls where the rate is large enough and grows where it is too large.
package lrfind
