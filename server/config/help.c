/* The text of --help, made from the table of settings. */
#include <pthread.h>

#include "base/buffer.h"
#include "config/config.h"
#include "config/settings.h"

enum {
	LINE_WIDTH = 88,
	INDENT = 8,
};

static const char head[] =
	"tallyd serves Tally: it keeps what teams say about an ML-enabled system and tells what does not "
	"fit.\n"
	"\n"
	"Usage:\n"
	"  tallyd [SETTINGS]           serve until SIGTERM or SIGINT\n"
	"  tallyd migrate [SETTINGS]   bring the database's schema up to date and end\n"
	"\n"
	"Example:\n"
	"  tallyd --listen 127.0.0.1:7443 --listen unix:/run/tally/tallyd.sock\n"
	"\n"
	"A setting is a flag, else a variable (--max-message is TALLYD_MAX_MESSAGE), else a line of the\n"
	"settings file (max_message = 16MiB, # for comments), else the default.\n"
	"\n"
	"Settings:\n"
	"  --config FILE\n"
	"        the settings file; also TALLYD_CONFIG\n";

static const char tail[] = "  --help\n"
			   "        this text\n"
			   "  --version\n"
			   "        the version\n";

static const char own_data_dir[] =
	"/var/lib/tally as root, else $XDG_DATA_HOME/tally or ~/.local/share/tally";

static char text[16384];

/* Fills lines word by word. */
static void add_wrapped(struct buffer *out, const char *words)
{
	size_t at = 0;
	while (*words) {
		size_t length = strcspn(words, " ");
		bool fits = at > 0 && at + 1 + length <= LINE_WIDTH;
		if (fits)
			buffer_text(out, " ");
		else
			buffer_print(out, "%s%*s", at > 0 ? "\n" : "", INDENT, "");
		at = fits ? at + 1 + length : INDENT + length;
		buffer_add(out, words, length);
		words += length + strspn(words + length, " ");
	}
	buffer_text(out, "\n");
}

static void add_setting(struct buffer *out, const struct setting *setting)
{
	buffer_print(out, "  --%s%s%s\n", setting->name, setting->word ? " " : "",
		setting->word ? setting->word : "");
	const char *initial = setting->initial;
	if (setting->offset == offsetof(struct config, data_dir))
		initial = own_data_dir;
	struct buffer words = {0};
	buffer_text(&words, setting->help);
	if (initial && (setting->type != SETTING_SWITCH || strcmp(initial, "no") != 0))
		buffer_print(&words, " (%s)", initial);
	add_wrapped(out, buffer_string(&words));
	buffer_done(&words);
}

static void make_text(void)
{
	struct buffer out = {0};
	buffer_text(&out, head);
	size_t count = 0;
	const struct setting *all = settings(&count);
	for (size_t i = 0; i < count; i++)
		add_setting(&out, &all[i]);
	buffer_text(&out, tail);
	snprintf(text, sizeof(text), "%s", buffer_string(&out));
	buffer_done(&out);
}

const char *config_help(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_text);
	return text;
}
