//! Progress on standard error: a bar on a terminal, else lines.

use std::{
    io::{self, IsTerminal},
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use patronage_indexer::follow::Progress;

use super::output;

/// Without a terminal, a line is printed after this many more percent,
const LINE_PERCENT: u64 = 5;
/// or after this time.
const LINE_TIME: Duration = Duration::from_secs(30);

/// Exit code of a process that was ended by an interrupt, as in shells.
const INTERRUPTED: i32 = 130;

/// Progress of a number of bytes.
pub struct Meter {
    bar: ProgressBar,
    label: &'static str,
}

impl Meter {
    /// Shows progress with this `label`. Shows nothing if `quiet` is true, or without a terminal.
    pub fn new(label: &'static str, quiet: bool) -> Self {
        Self { bar: bar(None, quiet), label }
    }

    /// Shows that `done` bytes are processed, of `total` if that is known.
    pub fn show(&mut self, done: u64, total: Option<u64>) {
        if self.bar.length() != total || self.bar.message().is_empty() {
            let template = match total {
                Some(_) => "{msg} [{bar:30}] {bytes}/{total_bytes} ({eta})",
                None => "{msg} {spinner} {bytes}",
            };
            self.bar.set_style(style(template));
            self.bar.set_message(self.label);
            total.map_or_else(|| self.bar.unset_length(), |total| self.bar.set_length(total));
        }
        self.bar.set_position(done);
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.bar.abandon();
    }
}

/// Progress of a number of rows. Prints lines if standard error is not a terminal.
pub struct Counter {
    bar: ProgressBar,
    label: &'static str,
    total: u64,
    lines: bool,
    shown: Option<(u64, Instant)>,
}

impl Counter {
    /// Shows progress of `total` rows with this `label`. Shows nothing if `quiet` is true.
    pub fn new(label: &'static str, total: usize, quiet: bool) -> Self {
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        let bar = bar(Some(total), quiet);
        bar.set_style(style("{msg} [{bar:30}] {human_pos}/{human_len} rows, {elapsed} so far, about {eta} left"));
        bar.set_message(label);
        let lines = !quiet && !io::stderr().is_terminal();
        Self { bar, label, total, lines, shown: None }
    }

    /// Shows that `done` rows are processed.
    pub fn show(&mut self, done: usize) {
        let done = u64::try_from(done).unwrap_or(u64::MAX);
        if self.shown.is_none() {
            // Rows of earlier runs must not count for the speed.
            self.bar.set_position(done);
            self.bar.reset_eta();
            self.bar.enable_steady_tick(Duration::from_millis(500));
        }
        self.bar.set_position(done);
        let percent = done.saturating_mul(100).checked_div(self.total).unwrap_or(100);
        let due = self.shown.is_none_or(|(shown, when)| {
            percent >= shown.saturating_add(LINE_PERCENT) || percent == 100 || when.elapsed() >= LINE_TIME
        });
        if due {
            if self.lines {
                output::progress_line(&format!(
                    "{}: {} of {} rows",
                    self.label,
                    HumanCount(done),
                    HumanCount(self.total)
                ));
            }
            self.shown = Some((percent, Instant::now()));
        }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.bar.abandon();
    }
}

/// Progress of a number of blocks. Shows nothing for a few blocks.
pub struct Blocks {
    bar: ProgressBar,
}

/// From so many blocks on, reading them takes a noticeable time.
const MANY_BLOCKS: u32 = 200;

impl Blocks {
    /// Shows progress with this `label`. Shows nothing if `quiet` is true, or without a terminal.
    pub fn new(label: &'static str, quiet: bool) -> Self {
        let bar = bar(None, quiet);
        bar.set_style(style("{msg} [{bar:30}] block {human_pos} of {human_len}, about {eta} left"));
        bar.set_message(label);
        Self { bar }
    }

    /// Shows how far it has come.
    pub fn show(&mut self, progress: Progress) {
        let Progress { block, newest, from } = progress;
        if newest.saturating_sub(from) >= MANY_BLOCKS {
            self.bar.set_length(newest.saturating_sub(from).into());
            self.bar.set_position(block.saturating_sub(from).into());
        }
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn bar(total: Option<u64>, quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    ProgressBar::with_draw_target(total, target)
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Returns a flag that the first interrupt (Ctrl-C) sets, so that the caller can wait for the pending transaction. The second interrupt
/// ends the process.
pub fn interrupts(quiet: bool) -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = flag.clone();
    let (ready, is_ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        // Without a runtime, an interrupt ends the process.
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            let installed = async {
                ready.send(()).unwrap_or(());
                std::future::pending::<()>().await;
            };
            let first = tokio::select! {
                biased;
                first = tokio::signal::ctrl_c() => first,
                // Polled after the signal handler is installed.
                () = installed => return,
            };
            if first.is_err() {
                return;
            }
            set.store(true, Ordering::Relaxed);
            if !quiet {
                output::progress("\nstopping after the pending transaction; press Ctrl-C again to stop at once");
            }
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(INTERRUPTED);
            }
        });
    });
    // Waits for the signal handler. An error means that there is none.
    is_ready.recv().unwrap_or(());
    flag
}
