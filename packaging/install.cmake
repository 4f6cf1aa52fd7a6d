# SPDX-License-Identifier: GPL-3.0-or-later
#
# Where everything goes on `cmake --install` and in the packages. What belongs to the window is left out of a build
# without it.

include(GNUInstallDirs)

set(_packaging ${PROJECT_SOURCE_DIR}/packaging)
set(_icons ${PROJECT_SOURCE_DIR}/resources/icons)
set(_share ${CMAKE_INSTALL_DATADIR})
set(_doc ${CMAKE_INSTALL_DATAROOTDIR}/doc/alloclens)
set(_id org.alloclens.AllocLens)

if(TARGET alloclens-cli)
    install(TARGETS alloclens-cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(FILES ${_packaging}/alloclens-cli.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

if(TARGET alloclens)
    install(TARGETS alloclens RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(FILES ${_packaging}/alloclens.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES ${_packaging}/${_id}.desktop DESTINATION ${_share}/applications)
    install(FILES ${_packaging}/${_id}.metainfo.xml DESTINATION ${_share}/metainfo)
    install(FILES ${_packaging}/${_id}.mime.xml DESTINATION ${_share}/mime/packages RENAME ${_id}.xml)
    install(FILES ${_icons}/alloclens.svg DESTINATION ${_share}/icons/hicolor/scalable/apps RENAME ${_id}.svg)
    install(FILES ${_icons}/alloclens-16.svg DESTINATION ${_share}/icons/hicolor/16x16/apps RENAME ${_id}.svg)
endif()

install(DIRECTORY ${PROJECT_SOURCE_DIR}/resources/samples/ DESTINATION ${_share}/alloclens/samples)
install(FILES ${_packaging}/copyright DESTINATION ${_doc})
foreach(_file IN ITEMS README.md CHANGELOG.md)
    install(FILES ${PROJECT_SOURCE_DIR}/${_file} DESTINATION ${_doc} OPTIONAL)
endforeach()
# Debian keeps one copy of the license for all packages; an archive has to bring its own.
install(CODE "
    if(NOT \"\${CMAKE_INSTALL_PREFIX}\" STREQUAL \"/usr\")
        file(INSTALL \"${PROJECT_SOURCE_DIR}/LICENSE\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${_doc}\")
    endif()")

unset(_packaging)
unset(_icons)
unset(_share)
unset(_doc)
unset(_id)
