/* Who is calling. */
#ifndef MODEL_PRINCIPAL_H
#define MODEL_PRINCIPAL_H

enum {
	MODEL_PRINCIPAL_SIZE = 201
};

/* Until authentication comes, every caller is "anonymous" without a team. */
struct model_principal {
	char name[MODEL_PRINCIPAL_SIZE];
	char team[MODEL_PRINCIPAL_SIZE];
};

#endif
