# set_door(<name>): this folder's headers become visible as <name>/<file>.h to
# whoever links door_<name>.
function(set_door name)
  set(door ${PROJECT_BINARY_DIR}/doors/${name})
  file(MAKE_DIRECTORY ${door})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${door}/${name} SYMBOLIC)
  add_library(door_${name} INTERFACE)
  target_include_directories(door_${name} INTERFACE ${door})
endfunction()

# room(<name> SOURCES <files> [MAY_USE <rooms>] [LIBRARIES <targets>])
#
# A room is a static library that sees its own headers and those of the rooms
# it may use, as <room>/<file>.h, and nothing else: a forbidden include does
# not compile. It links no other room; whoever makes a program chooses with
# in_rooms() who stands behind the headers.
function(room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;MAY_USE;LIBRARIES" ${ARGN})
  set_door(${name})
  if(NOT ARG_SOURCES)
    file(WRITE ${PROJECT_BINARY_DIR}/empty.c "extern int tally_empty_room;\n")
    set(ARG_SOURCES ${PROJECT_BINARY_DIR}/empty.c)
  endif()
  add_library(room_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(room_${name} PRIVATE tally_settings door_${name} ${ARG_LIBRARIES})
  foreach(used IN LISTS ARG_MAY_USE)
    target_link_libraries(room_${name} PRIVATE door_${used})
  endforeach()
endfunction()

# in_rooms(<target> <rooms>): the program sees and is linked with these rooms.
function(in_rooms target)
  target_link_libraries(${target} PRIVATE tally_settings)
  set(libraries "")
  foreach(used IN LISTS ARGN)
    target_link_libraries(${target} PRIVATE door_${used})
    list(APPEND libraries room_${used})
  endforeach()
  list(JOIN libraries "," group)
  target_link_libraries(${target} PRIVATE "$<LINK_GROUP:RESCAN,${group}>")
endfunction()

# unit_test(<room> <file without test_> ROOMS <rooms> [LABEL <label>] [LIBRARIES <targets>] [SOURCES <more>])
#
# Builds tests/unit/<room>/test_<file>.c, a cmocka program, and registers it
# as <room>/<file>.
function(unit_test room file)
  cmake_parse_arguments(ARG "" "LABEL" "ROOMS;LIBRARIES;SOURCES" ${ARGN})
  set(target test_${room}_${file})
  add_executable(${target} test_${file}.c ${ARG_SOURCES})
  in_rooms(${target} ${ARG_ROOMS})
  target_link_libraries(${target} PRIVATE PkgConfig::CMOCKA ${ARG_LIBRARIES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  target_compile_definitions(${target} PRIVATE
    TALLY_SOURCE_DIR="${PROJECT_SOURCE_DIR}" TALLY_BINARY_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME ${room}/${file} COMMAND ${target})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  set_tests_properties(${room}/${file} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 300
    ENVIRONMENT "TSAN_OPTIONS=ignore_noninstrumented_modules=1")
endfunction()
