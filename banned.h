/*
 * Functions that cannot be used safely are compile errors. Every file of ours
 * is compiled with this header in front; the system's headers come first, so
 * that their own declarations stay legal.
 */
#ifndef TALLY_BANNED_H
#define TALLY_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat stpcpy
#pragma GCC poison sprintf vsprintf gets
#pragma GCC poison strtok
#pragma GCC poison atoi atol atoll atof
#pragma GCC poison gmtime localtime ctime asctime

#endif
