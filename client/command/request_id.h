/* Request ids: what makes it safe to repeat a write. */
#ifndef COMMAND_REQUEST_ID_H
#define COMMAND_REQUEST_ID_H

enum {
	REQUEST_ID_SIZE = 37,
};

/** Makes a random UUID (version 4). @param[out] text REQUEST_ID_SIZE bytes @return text */
char *request_id_new(char *text);

#endif
