package plot

import "testing"

func TestPanelsMakeRoomForTheirTitles(t *testing.T) {
	height := func(titles ...string) int {
		f := &Figure{Columns: 2}
		for _, title := range titles {
			p := &Panel{Title: title}
			p.Line("", []float64{0, 1}, []float64{0, 1}, Style{})
			f.Panels = append(f.Panels, p)
		}
		_, h := f.Pixels(Light)
		return h
	}
	none, one, two, three := height("", ""), height("a", ""), height("a", "b\nc"), height("a\nb\nc", "d")
	if !(none < one && one < two && two < three) || three-two > two-one+1 || two-one > three-two+1 {
		t.Errorf("heights %d, %d, %d, %d of figures with titles of 0 to 3 lines", none, one, two, three)
	}
}
