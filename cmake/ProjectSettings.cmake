# Flags every target shares. Linking `gatehouse-settings` is how a target gets them.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(GATEHOUSE_CCACHE ccache)
if(GATEHOUSE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${GATEHOUSE_CCACHE})
endif()

add_library(gatehouse-settings INTERFACE)
target_include_directories(gatehouse-settings INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(gatehouse-settings INTERFACE -Wall -Wextra -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers -fstack-protector-strong -fdebug-prefix-map=${PROJECT_SOURCE_DIR}=.)
target_compile_definitions(gatehouse-settings INTERFACE
  GATEHOUSE_VERSION="${PROJECT_VERSION}"
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_URL_CAST_FROM_STRING
  QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_STRICT_ITERATORS)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 takes the insides of std::optional and std::string for uninitialised once it optimises; the sanitizers find real ones.
  target_compile_options(gatehouse-settings INTERFACE -Wno-maybe-uninitialized)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC bug 105651: `"text" + std::string` that is inlined is taken for copies that overlap by half the address space.
    target_compile_options(gatehouse-settings INTERFACE -Wno-restrict)
  endif()
  target_compile_options(gatehouse-settings INTERFACE -D_FORTIFY_SOURCE=2 -fstack-clash-protection)
  target_link_options(gatehouse-settings INTERFACE -Wl,-z,relro,-z,now)
else()
  target_compile_definitions(gatehouse-settings INTERFACE _GLIBCXX_ASSERTIONS)
endif()

find_program(GATEHOUSE_MOLD mold)
find_program(GATEHOUSE_LLD ld.lld)
if(GATEHOUSE_MOLD)
  target_link_options(gatehouse-settings INTERFACE -fuse-ld=mold)
elseif(GATEHOUSE_LLD)
  target_link_options(gatehouse-settings INTERFACE -fuse-ld=lld)
endif()

if(GATEHOUSE_SANITIZE)
  target_compile_options(gatehouse-settings INTERFACE -fsanitize=${GATEHOUSE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(gatehouse-settings INTERFACE -fsanitize=${GATEHOUSE_SANITIZE})
endif()
if(GATEHOUSE_COVERAGE)
  target_compile_options(gatehouse-settings INTERFACE --coverage)
  target_link_options(gatehouse-settings INTERFACE --coverage)
endif()

# gatehouse_collect(OUT DIR): every .cpp and .h below DIR except main.cpp; a new file needs no CMake edit.
# In unity builds files are grouped by folder, so helpers in anonymous namespaces must be unique per folder only.
function(gatehouse_collect out dir)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${dir}/*.cpp ${dir}/*.h)
  list(FILTER files EXCLUDE REGEX "/main\\.cpp$")
  set(${out} ${files} PARENT_SCOPE)
endfunction()

function(gatehouse_group_unity target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  get_target_property(files ${target} SOURCES)
  foreach(file ${files})
    get_filename_component(folder ${file} DIRECTORY)
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${folder})
    string(REPLACE "/" "_" group ${folder})
    set_source_files_properties(${file} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${group})
  endforeach()
endfunction()
