package recipe

import "github.com/gonn-toolkit/gonn/train/run"

// ReadConfig reads settings from a JSON file: an object with the names of run.Settings, whose
// other settings are those of Default, or the run.json of a run, which says them all. What a
// run found out about its data, its version and the values it started from is left out. Errors are
// those of run.ReadSettings.
func ReadConfig(path string) (run.Settings, error) {
	s, err := run.ReadSettings(path, Default())
	s.Gonn, s.DataSHA256, s.NetSHA256, s.ClassNames = "", "", "", ""
	return s, err
}
