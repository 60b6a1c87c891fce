//! The command `patronage`.

mod commands;

fn main() -> std::process::ExitCode {
    commands::run()
}
