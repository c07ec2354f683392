//! The real binary, run as a user runs it: a file for each command, in one program so that it is
//! linked once.

mod answers;
mod backfill;
mod branches;
mod check;
mod code;
mod config;
mod cut_off;
mod destructive;
mod example;
mod files;
mod generate;
mod includes;
mod init;
#[cfg(unix)]
mod interrupted;
mod lifecycle;
mod live;
mod locks;
mod makemigrations;
mod marks;
mod mistakes;
mod names;
mod newcomer;
mod patience;
mod phases;
mod program;
mod refused;
mod roles;
mod secrets;
#[cfg(unix)]
mod signals;
mod sql_files;
mod state_sections;
mod support;
mod up;
mod verify;
mod version;
mod words;
