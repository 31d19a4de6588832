/* Example values and explanations for templates. */
#ifndef DOCUMENT_EXAMPLES_H
#define DOCUMENT_EXAMPLES_H

/* What a template says about one field. */
struct example {
	const char *field;   /* message and field as in the .proto: Goal.id */
	const char *value;   /* as YAML; "" for a message or a list of messages that is shown filled; NULL:
				commented out; "#0.1": commented out with this value; "" for a time: the day
				in 30 days */
	const char *comment; /* NULL: none */
};

/** @return what is said about the field, or NULL */
const struct example *example_of(const char *message, const char *field);

#endif
