/* Words that reading and writing share. */
#ifndef DOCUMENT_DOCUMENT_WORDS_H
#define DOCUMENT_DOCUMENT_WORDS_H

#define DOCUMENT_API_VERSION "tally/v1"

#endif
