# -D IN= -D OUT=: see protobuf_c() in generated.cmake.
file(READ ${IN} text)
if(text MATCHES "syntax = \"proto3\"")
  string(REGEX REPLACE "optional ([A-Za-z0-9_.]+) ([a-z0-9_]+) = ([0-9]+);"
    "oneof _\\2 { \\1 \\2 = \\3; }" text "${text}")
endif()
file(WRITE ${OUT} "${text}")
