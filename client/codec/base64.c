/* Base64, by libcrypto; what is added here is the padding and the bounds. */
#include "codec/base64.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

char *base64_text(const void *bytes, size_t size)
{
	char *text = malloc(size / 3 * 4 + 5);
	if (!text || size > INT_MAX / 2)
		abort();
	text[EVP_EncodeBlock((unsigned char *)text, bytes, (int)size)] = '\0';
	return text;
}

bool base64_read(const char *text, void *bytes, size_t *size)
{
	const size_t length = strlen(text);
	if (length % 4 != 0 || length > INT_MAX || strspn(text, " \t\r\n"))
		return false;
	if (length == 0) {
		*size = 0;
		return true;
	}
	const size_t padding = (size_t)(text[length - 1] == '=') + (text[length - 2] == '=');
	if (strcspn(text, "=") < length - padding)
		return false;
	const int read = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)length);
	if (read < 0 || (size_t)read < padding)
		return false;
	*size = (size_t)read - padding;
	return true;
}
