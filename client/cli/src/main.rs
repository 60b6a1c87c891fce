//! The command `patronage`.

mod commands;
mod demo;

fn main() -> std::process::ExitCode {
    commands::run()
}
