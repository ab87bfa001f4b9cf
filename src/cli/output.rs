//! What commands print: text or JSON on stdout, errors and progress on stderr.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// Where a command prints.
#[derive(Debug)]
pub struct Output {
    json: bool,
}

impl Output {
    /// Text, or JSON when asked.
    #[must_use]
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether JSON was asked for.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// A result: its JSON, or its text.
    pub fn result<T: Serialize>(&self, value: &T, text: impl Display) {
        if self.json {
            let rendered =
                serde_json::to_string_pretty(value).unwrap_or_else(|error| format!("{{\"erreur\":\"{error}\"}}"));
            line(&rendered);
        } else {
            line(text.to_string().trim_end());
        }
    }

    /// A line for people; nothing when JSON was asked for.
    pub fn say(&self, text: impl Display) {
        if !self.json {
            line(&text.to_string());
        }
    }

    /// The error that ends the command, on stderr.
    pub fn error(message: &str) {
        // A closed stderr leaves nobody to tell.
        let _ = writeln!(std::io::stderr(), "finage : {message}");
    }

    /// Progress: a bar on a terminal, plain lines otherwise, nothing for JSON.
    #[must_use]
    pub fn progress(&self, what: &str, total: u64, bytes: bool) -> Progress {
        if self.json {
            return Progress::Silent;
        }
        if std::io::stderr().is_terminal() {
            let counter = if bytes { "{bytes} / {total_bytes}" } else { "{pos} / {len}" };
            let style = ProgressStyle::with_template(&format!("{{prefix}} {{wide_bar}} {counter} {{eta}}"));
            let bar = ProgressBar::new(total).with_prefix(what.to_owned());
            return Progress::Bar(style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style)));
        }
        Progress::Lines { what: what.to_owned(), total, state: std::sync::Mutex::new((0, Instant::now())) }
    }
}

/// A progress whose total is known on the way: told of units done and units in all.
pub fn suivi(output: &Output, what: &str) -> impl Fn(u64, u64) + Send + Sync + use<> {
    let (output, what) = (Output::new(output.json), what.to_owned());
    let state = std::sync::Mutex::new((None, 0));
    move |done, total| {
        let mut state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (progress, told) = &mut *state;
        let progress = progress.get_or_insert_with(|| output.progress(&what, total, false));
        progress.advance(done.saturating_sub(*told));
        *told = done;
        if done >= total {
            progress.finish();
        }
    }
}

fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Progress of one task.
#[derive(Debug)]
pub enum Progress {
    /// A bar on a terminal.
    Bar(ProgressBar),
    /// A line from time to time.
    Lines {
        /// The task.
        what: String,
        /// Units in all.
        total: u64,
        /// Units done, and when the last line was printed.
        state: std::sync::Mutex<(u64, Instant)>,
    },
    /// Nothing.
    Silent,
}

/// Time between two plain lines.
const LINE_EVERY: Duration = Duration::from_secs(5);

impl Progress {
    /// More units are done.
    pub fn advance(&self, units: u64) {
        match self {
            Self::Bar(bar) => bar.inc(units),
            Self::Lines { what, total, state } => {
                let mut state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                state.0 += units;
                if state.1.elapsed() >= LINE_EVERY {
                    state.1 = Instant::now();
                    let percent = state.0.saturating_mul(100) / (*total).max(1);
                    let _ = writeln!(std::io::stderr(), "{what} : {percent} %");
                }
            }
            Self::Silent => {}
        }
    }

    /// The task is over.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
