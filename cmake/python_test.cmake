# python_test(<label> <file without test_> [TIMEOUT <s>] [SERIAL])
#
# Registers test_<file>.py of this folder as <label>/<file>. A file whose tests
# are all skipped counts as skipped. Debian's Python is the one that has the
# gRPC of Debian; without its packages (deploy/packages test) there is nothing
# to register.
find_program(PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(GRPC_PYTHON_PLUGIN grpc_python_plugin)
if(PYTHON)
  execute_process(COMMAND ${PYTHON} -c "import grpc, google.protobuf, pytest" RESULT_VARIABLE missing ERROR_QUIET)
endif()
if(PYTHON AND GRPC_PYTHON_PLUGIN AND missing EQUAL 0)
  set(PYTHON_TESTS ON)
else()
  set(PYTHON_TESTS OFF)
  message(STATUS "Tests in Python are left out: run deploy/packages test, then configure again")
endif()

function(python_test label file)
  cmake_parse_arguments(ARG "SERIAL" "TIMEOUT" "" ${ARGN})
  if(NOT PYTHON_TESTS)
    return()
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${label}/${file}
    COMMAND ${PYTHON} -B -m pytest ${CMAKE_CURRENT_SOURCE_DIR}/test_${file}.py)
  set_tests_properties(${label}/${file} PROPERTIES LABELS ${label} TIMEOUT ${ARG_TIMEOUT} SKIP_RETURN_CODE 77
    RUN_SERIAL ${ARG_SERIAL}
    # The Python client's fork handlers can wait for ever for its own threads; nothing here calls after a fork.
    ENVIRONMENT "TALLY_BINARY_DIR=${PROJECT_BINARY_DIR};TALLY_SOURCE_DIR=${PROJECT_SOURCE_DIR};GRPC_ENABLE_FORK_SUPPORT=0")
endfunction()
