//go:build !purego

package kernel

import "time"

func (f *Winograd) bind() {
	switch f.m {
	case 2:
		f.inputK, f.outputK = winograd2InputAVX512, winograd2OutputAVX512
	case 4:
		f.inputK, f.outputK = winograd4InputAVX512, winograd4OutputAVX512
	}
	switch f.size {
	case 4:
		f.products = []func(*winogradProductArgs){winogradProduct4x1AVX512, winogradProduct4x2AVX512, winogradProduct4x3AVX512, winogradProduct4x4AVX512, winogradProduct4x5AVX512, winogradProduct4x6AVX512}
	case 8:
		f.products = []func(*winogradProductArgs){winogradProduct8x1AVX512, winogradProduct8x2AVX512, winogradProduct8x3AVX512}
	}
}

var start = time.Now()

func (f *Winograd) now() int64 {
	if f.Times == nil {
		return 0
	}
	return int64(time.Since(start))
}

func (f *Winograd) since(stage int, from, to int64) {
	if f.Times != nil {
		f.Times[stage] += to - from
	}
}
