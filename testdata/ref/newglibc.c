// What bochscpu-python's wheel expects of glibc 2.38, for machines with an older one.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

unsigned long long __isoc23_strtoull(const char *s, char **end, int base) { return strtoull(s, end, base); }
unsigned long __isoc23_strtoul(const char *s, char **end, int base) { return strtoul(s, end, base); }
long __isoc23_strtol(const char *s, char **end, int base) { return strtol(s, end, base); }

int __isoc23_sscanf(const char *s, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsscanf(s, format, args);
	va_end(args);
	return n;
}
