//! The command-line tool, as a library.
