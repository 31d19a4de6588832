/* Packages and the versions that are asked for: PEP 508 (pip, pyproject) and conda's match specs. */
#ifndef IMPORT_REQUIREMENT_H
#define IMPORT_REQUIREMENT_H

#include <stdbool.h>

#include "base/arena.h"

struct requirement {
	const char *name;      /* as written */
	const char *package;   /* PEP 503: lower case, hyphens: scikit-learn */
	const char *extras;    /* "cuda,test"; "" without */
	const char *specifier; /* ">=1.0,<2"; "" when any version will do */
	const char *version;   /* of an exact pin (==1.2.3, conda ==), else NULL */
	const char *prefix;    /* of conda's =1.2 and pip's ==1.2.*: any version that starts so, else NULL */
	const char *marker;    /* behind ";", else NULL */
	const char *url;       /* behind "@", else NULL */
};

/** Reads e.g. gym[Box2D]~=0.21 ; python_version < "3.9". @return false for what is none; texts are the
 * arena's */
bool requirement_pip(struct arena *arena, const char *text, struct requirement *requirement);

/** Reads e.g. numpy=1.19, python == 3.8, conda-forge::pip>=20, scikit-learn=1.0.2=py38_0. */
bool requirement_conda(struct arena *arena, const char *text, struct requirement *requirement);

/** Returns the framework's usual name for a package that is one (torch: PyTorch), else NULL. @param package
 * PEP 503 */
const char *requirement_framework(const char *package);

/** Writes name and version for people: "scikit-learn 1.2.2", "numpy >=1.14". @return arena */
const char *requirement_text(struct arena *arena, const struct requirement *requirement);

#endif
