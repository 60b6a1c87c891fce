//! How far something is, on standard error: a bar where someone looks at it.

use std::{
    io::{self, IsTerminal},
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::out;

/// Without a terminal, a line is printed whenever so many more percent are done,
const LINE_PERCENT: u64 = 5;
/// or this has passed.
const LINE_TIME: Duration = Duration::from_secs(30);

/// Exit code of a process that an interrupt has ended, as shells have it.
const INTERRUPTED: i32 = 130;

/// How many bytes are done.
pub struct Meter {
    bar: ProgressBar,
    words: &'static str,
}

impl Meter {
    /// One that says that it is `words`, and nothing at all where it is `quiet` or nobody looks.
    pub fn new(words: &'static str, quiet: bool) -> Self {
        Self { bar: bar(None, quiet), words }
    }

    /// Says that `done` bytes are done, of `total` where that is known.
    pub fn show(&mut self, done: u64, total: Option<u64>) {
        if self.bar.length() != total || self.bar.message().is_empty() {
            let template = match total {
                Some(_) => "{msg} [{bar:30}] {bytes}/{total_bytes} ({eta})",
                None => "{msg} {spinner} {bytes}",
            };
            self.bar.set_style(style(template));
            self.bar.set_message(self.words);
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

/// How many rows are done. Where standard error is no terminal, a line now and then says it.
pub struct Counter {
    bar: ProgressBar,
    words: &'static str,
    total: u64,
    lines: bool,
    told: Option<(u64, Instant)>,
}

impl Counter {
    /// One for `total` rows, which says that they are `words`, and nothing at all where it is `quiet`.
    pub fn new(words: &'static str, total: usize, quiet: bool) -> Self {
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        let bar = bar(Some(total), quiet);
        bar.set_style(style("{msg} [{bar:30}] {human_pos}/{human_len} rows, {elapsed} so far, about {eta} left"));
        bar.set_message(words);
        let lines = !quiet && !io::stderr().is_terminal();
        Self { bar, words, total, lines, told: None }
    }

    /// Says that `done` rows are done.
    pub fn show(&mut self, done: usize) {
        let done = u64::try_from(done).unwrap_or(u64::MAX);
        if self.told.is_none() {
            // What was done before this run says nothing about how fast it is.
            self.bar.set_position(done);
            self.bar.reset_eta();
            self.bar.enable_steady_tick(Duration::from_millis(500));
        }
        self.bar.set_position(done);
        let percent = done.saturating_mul(100).checked_div(self.total).unwrap_or(100);
        let due = self.told.is_none_or(|(told, when)| {
            percent >= told.saturating_add(LINE_PERCENT) || percent == 100 || when.elapsed() >= LINE_TIME
        });
        if due {
            if self.lines {
                out::progress_line(&format!("{}: {} of {} rows", self.words, HumanCount(done), HumanCount(self.total)));
            }
            self.told = Some((percent, Instant::now()));
        }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.bar.abandon();
    }
}

fn bar(total: Option<u64>, quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    ProgressBar::with_draw_target(total, target)
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// A flag that the first interrupt (Ctrl-C) sets, so that a transaction that is on its way is waited for. The second one ends the
/// process.
pub fn interrupts(quiet: bool) -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = flag.clone();
    let (ready, is_ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        // Where there is no runtime, an interrupt ends the process as always.
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            let told = async {
                ready.send(()).unwrap_or(());
                std::future::pending::<()>().await;
            };
            let first = tokio::select! {
                biased;
                first = tokio::signal::ctrl_c() => first,
                // Polled after the other, which has the signal by then.
                () = told => return,
            };
            if first.is_err() {
                return;
            }
            set.store(true, Ordering::Relaxed);
            if !quiet {
                out::progress("\nstopping after the transaction that is on its way; Ctrl-C again stops at once");
            }
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(INTERRUPTED);
            }
        });
    });
    // Nothing is sent before an interrupt would be noticed. An error says that none ever will be.
    is_ready.recv().unwrap_or(());
    flag
}
