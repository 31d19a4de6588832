/* Requests that SageMaker captured. */
#ifndef IMPORT_SAGEMAKER_CAPTURE_H
#define IMPORT_SAGEMAKER_CAPTURE_H

#include "import/import.h"

/** Are these captured requests? */
bool sagemaker_capture_looks(const char *bytes, size_t size);

/** Reads them, one to a line. @return false with the import's fault */
bool sagemaker_capture_read(struct import *import);

#endif
