# SPDX-License-Identifier: GPL-3.0-or-later
#
# `cpack` in a build directory makes an archive and, where Debian's tools are (scripts/setup.sh package), a .deb.
# Included last, so that all install rules are known.

set(CPACK_PACKAGE_NAME alloclens)
set(CPACK_PACKAGE_VENDOR "AllocLens developers")
set(CPACK_PACKAGE_CONTACT "AllocLens developers <alloclens@example.org>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "viewer for device-memory allocation logs")
set(CPACK_PACKAGE_DESCRIPTION
    "AllocLens reads the log of a device-memory allocation tracker, such as the TT-Metal
allocation server, follows every buffer on every device through its lifetimes,
and finds double frees, leaks and more, each with the lines that prove it.
")
if(TARGET alloclens)
    string(APPEND CPACK_PACKAGE_DESCRIPTION "
The package holds the window, alloclens, which shows all of it as one zoomable
map, and a command line that needs no display, alloclens-cli.")
else()
    string(APPEND CPACK_PACKAGE_DESCRIPTION "
The package holds the command line, alloclens-cli.")
endif()
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_MONOLITHIC_INSTALL ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

# alloclens_0.1.0_amd64.deb, alloclens-0.1.0-Linux-x86_64.tar.gz
set(CPACK_PACKAGE_FILE_NAME alloclens-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_GENERATOR TGZ)
find_program(ALLOCLENS_DPKG_SHLIBDEPS dpkg-shlibdeps)
mark_as_advanced(ALLOCLENS_DPKG_SHLIBDEPS)
if(ALLOCLENS_DPKG_SHLIBDEPS)
    list(APPEND CPACK_GENERATOR DEB)
endif()

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${CPACK_PACKAGE_CONTACT})
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
if(TARGET alloclens)
    # Qt loads the plugin that draws SVG icons while it runs, so no tool sees that it is needed. It is in libqt6svg6,
    # which the window is linked with, or in newer releases in qt6-svg-plugins.
    set(CPACK_DEBIAN_PACKAGE_DEPENDS libqt6svg6)
    set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-dejavu-core, hicolor-icon-theme, qt6-svg-plugins, qt6-wayland")
endif()

set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_SOURCE_PACKAGE_FILE_NAME alloclens-${PROJECT_VERSION})
set(CPACK_SOURCE_IGNORE_FILES [[/build[^/]*/]] [[/\.git/]] [[/\.cache/]] [[\.user$]] [[~$]])

include(CPack)
