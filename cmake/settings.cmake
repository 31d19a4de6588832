# How our own C is compiled: one interface target, so that nothing is global.

add_library(tally_settings INTERFACE)
target_compile_features(tally_settings INTERFACE c_std_17)
target_compile_definitions(tally_settings INTERFACE _GNU_SOURCE TALLY_VERSION="${PROJECT_VERSION}")
target_compile_options(tally_settings INTERFACE
  -std=c17 -fno-strict-aliasing -fstack-protector-strong
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -Wvla -Wimplicit-fallthrough -Wundef
  -include ${PROJECT_SOURCE_DIR}/banned.h)
if(TALLY_WERROR)
  target_compile_options(tally_settings INTERFACE -Werror)
endif()

# Generated code is instrumented too, but not judged.
add_library(tally_instrumented INTERFACE)
if(TALLY_SANITIZE)
  target_compile_options(tally_instrumented INTERFACE
    -fsanitize=${TALLY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(tally_instrumented INTERFACE -fsanitize=${TALLY_SANITIZE})
endif()
if(TALLY_FUZZ)
  target_compile_options(tally_instrumented INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_link_libraries(tally_settings INTERFACE tally_instrumented Threads::Threads)
