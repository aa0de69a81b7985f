package data

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/text/unicode/norm"
)

// é may be one character or an e with an accent behind it. Unicode calls the forms NFC and NFD
// and both the same text. Systems keep names in either, macOS and some archives in NFD: names of
// classes are compared, sorted and kept in NFC, so that a set is the same wherever it is read.

// nfc is a name in Unicode's form NFC.
func nfc(name string) string { return norm.NFC.String(name) }

// readNames lists what is in a folder, sorted by its names in NFC, byte by byte.
func readNames(dir string) ([]os.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	normal := !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return !norm.NFC.IsNormalString(e.Name()) })
	if normal { // as os.ReadDir sorts them
		return entries, nil
	}
	slices.SortStableFunc(entries, func(a, b os.DirEntry) int { return cmp.Compare(nfc(a.Name()), nfc(b.Name())) })
	return entries, nil
}

// checkForms returns an error if the form is all that differs between two sorted names.
func checkForms(dir string, names []string) error {
	for i := 1; i < len(names); i++ {
		if a, b := names[i-1], names[i]; nfc(a) == nfc(b) {
			return fmt.Errorf("%s and %s (%+q and %+q) have the same name in two forms of Unicode; need one of them",
				filepath.Join(dir, a), filepath.Join(dir, b), a, b)
		}
	}
	return nil
}
