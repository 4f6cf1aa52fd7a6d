# SPDX-License-Identifier: GPL-3.0-or-later
#
# Compiles the sources of a target several at a time, which spares them most of the headers. docs/performance.md has
# figures. Sources that declare equal names in unnamed namespaces cannot share a unit, so the names are read from
# them first, and each source goes to the first unit that has none of its names. Another `constexpr ... kLog` is thus
# nothing to think about. The names are read by the layout that clang-format gives: what a namespace has begins a line.
# Where that is not enough, set SKIP_UNITY_BUILD_INCLUSION for the source.

# The names that `source` declares at the beginning of a line, into `declared`; those it takes over with
# `using a::b;`, which may meet again but not with a declaration, into `used`.
function(alloclens_names_of source declared used)
    file(READ ${source} text)
    # Neither brackets nor semicolons may be in the elements of a list.
    string(REGEX REPLACE "\\[\\[[a-z_]+\\]\\] *" "" text "${text}")
    string(REPLACE ";" "=" text "${text}")
    string(REGEX REPLACE "\\[|\\]" "=" text "${text}")
    string(REGEX MATCHALL "\n[A-Za-z][A-Za-z0-9_:<>,&*. ]*[({=]" lines "${text}")
    foreach(line IN LISTS lines)
        string(REGEX REPLACE "^\n|[ ({=]+$" "" line "${line}")
        if(line MATCHES "^(TEST|INSTANTIATE|namespace)")
            continue()
        elseif(line MATCHES "^using .*::([A-Za-z0-9_]+)$")
            list(APPEND taken ${CMAKE_MATCH_1})
        elseif(line MATCHES "^(enum class|enum|struct|class|union|extern) ([A-Za-z0-9_]+)")
            list(APPEND own ${CMAKE_MATCH_2})
        elseif(line MATCHES "[ &*>]([A-Za-z0-9_]+)$")
            list(APPEND own ${CMAKE_MATCH_1})
        endif()
    endforeach()
    set(${declared} ${own} PARENT_SCOPE)
    set(${used} ${taken} PARENT_SCOPE)
endfunction()

# Whether two lists have an element in common.
function(alloclens_share first second result)
    set(${result} FALSE PARENT_SCOPE)
    foreach(name IN LISTS ${first})
        if(name IN_LIST ${second})
            set(${result} TRUE PARENT_SCOPE)
            return()
        endif()
    endforeach()
endfunction()

# Call it where the target is defined, after the properties of its sources are set.
function(alloclens_unity target)
    if(NOT ALLOCLENS_UNITY)
        return()
    endif()
    get_target_property(sources ${target} SOURCES)
    set(units 0)
    foreach(source IN LISTS sources)
        get_source_file_property(isAlone ${source} SKIP_UNITY_BUILD_INCLUSION)
        get_filename_component(path ${source} ABSOLUTE)
        if(isAlone OR NOT source MATCHES "\\.cpp$")
            continue()
        endif()
        # A name that is new may mean other units.
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
        alloclens_names_of(${path} declared used)
        set(unit 0)
        while(unit LESS units)
            list(LENGTH members_${unit} size)
            if(size LESS ALLOCLENS_UNITY)
                alloclens_share(declared declared_${unit} isDeclaredTwice)
                alloclens_share(declared used_${unit} isUsedThere)
                alloclens_share(used declared_${unit} isDeclaredThere)
                if(NOT isDeclaredTwice AND NOT isUsedThere AND NOT isDeclaredThere)
                    break()
                endif()
            endif()
            math(EXPR unit "${unit} + 1")
        endwhile()
        if(unit EQUAL units)
            math(EXPR units "${units} + 1")
        endif()
        list(APPEND members_${unit} ${source})
        list(APPEND declared_${unit} ${declared})
        list(APPEND used_${unit} ${used})
        set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${target}_${unit})
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
