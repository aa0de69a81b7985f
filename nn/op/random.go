package op

// Mix is a hash of v with good statistical properties: one step of the SplitMix64 generator
// (Steele et al. 2014). Layers derive random numbers from Training.Key with it.
func Mix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}
