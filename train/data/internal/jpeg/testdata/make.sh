#!/bin/sh
# Makes the pictures and what libjpeg-turbo 2.1.5 (cjpeg, djpeg) reads in them, chroma
# samples repeated. Run by hand in this folder.
set -e
awk 'BEGIN { print "P3 21 13 255"; for (y = 0; y < 13; y++) for (x = 0; x < 21; x++)
	printf "%d %d %d\n", 127 + 120*sin(x/3 + y/5), 127 + 120*cos(y/4), 127 + 120*sin(x/2 - y/6) }' >in.ppm
make() { # name, options of cjpeg
	name=$1; shift
	cjpeg -quality 85 "$@" -outfile "$name.jpg" in.ppm
	djpeg -nosmooth -dct float -outfile "$name.ppm" "$name.jpg"
}
make chroma-differs -sample 2x2,1x1,1x2
make chroma-differs-progressive -sample 2x2,1x1,1x2 -progressive
make chroma-finer -sample 1x1,2x2,1x1 -restart 1B
make one-by-four -sample 1x4,1x1,1x2 -progressive -restart 1B
make three -sample 3x1,1x1,1x1 -optimize
make progressive-restart -sample 2x1,1x1,1x1 -progressive -restart 2B
make ordinary -sample 2x2,1x1,1x1
make grey -grayscale -progressive
make rgb -rgb -sample 1x1,1x1,1x1
rm in.ppm
