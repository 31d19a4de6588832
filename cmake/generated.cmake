# Code made from other files at build time; none of it is committed.

find_program(PROTOC protoc REQUIRED)
find_program(PROTOC_C protoc-c REQUIRED)

# protobuf_c(<target> ROOT <folder> FILES <protos below it> [USES <targets>])
#
# protoc-c 1.4 refuses proto3's `optional`, so each file is first rewritten to
# the one-member oneof that has the same wire format: `optional T f = 1;` gives
# the C member `f` and its presence `_f_case` (0: absent).
function(protobuf_c target)
  cmake_parse_arguments(ARG "" "ROOT" "FILES;USES" ${ARGN})
  set(rewritten ${PROJECT_BINARY_DIR}/proto/rewritten)
  set(out ${PROJECT_BINARY_DIR}/proto/${target})
  set(copies "")
  set(sources "")
  foreach(file IN LISTS ARG_FILES)
    set(copy ${rewritten}/${file})
    add_custom_command(OUTPUT ${copy}
      COMMAND ${CMAKE_COMMAND} -D IN=${ARG_ROOT}/${file} -D OUT=${copy}
              -P ${PROJECT_SOURCE_DIR}/cmake/rewrite_optional.cmake
      DEPENDS ${ARG_ROOT}/${file} ${PROJECT_SOURCE_DIR}/cmake/rewrite_optional.cmake VERBATIM)
    list(APPEND copies ${copy})
    string(REGEX REPLACE "\\.proto$" ".pb-c" stem ${file})
    list(APPEND sources ${out}/${stem}.c)
    list(APPEND headers ${out}/${stem}.h)
  endforeach()
  add_custom_target(${target}_rewritten DEPENDS ${copies})
  foreach(used IN LISTS ARG_USES)
    add_dependencies(${target}_rewritten ${used}_rewritten)
  endforeach()
  file(MAKE_DIRECTORY ${out})
  add_custom_command(OUTPUT ${sources} ${headers}
    COMMAND ${PROTOC_C} --c_out=${out} -I ${rewritten} -I /usr/include ${ARG_FILES}
    DEPENDS ${copies} ${target}_rewritten VERBATIM)
  add_library(${target} STATIC ${sources} ${headers})
  target_include_directories(${target} SYSTEM PUBLIC ${out})
  target_link_libraries(${target} PUBLIC PkgConfig::PROTOBUF_C ${ARG_USES} PRIVATE tally_instrumented)
endfunction()

# embed(<target> <header> FILES <files>)
#
# Makes <header> with one `static const unsigned char embedded_<name>[]` for
# each file (its bytes and a closing NUL that sizeof counts) and the table
# `embedded_files[]` of {name, bytes, size}, in the order given.
function(embed target header)
  cmake_parse_arguments(ARG "" "" "FILES" ${ARGN})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated/${header})
  list(JOIN ARG_FILES "|" joined)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -D OUT=${out} -D "FILES=${joined}" -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${ARG_FILES} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
  target_sources(${target} PRIVATE ${out})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/generated)
endfunction()
