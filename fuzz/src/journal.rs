//! The journal of a task with many transactions.

use patronage::journal::{look, Journal, Progress};
use patronage_chain::submission::{Submission, SubmissionRecorder};

use crate::world::with_scratch;

fn check_progress(progress: &Progress) {
    let Progress { task, rows, pending, finished, .. } = progress;
    assert!(*rows <= task.rows, "more rows are completed than there are");
    if let Some((_, pending)) = pending {
        assert!(*pending >= 1 && *pending <= task.rows - rows, "rows beyond the last one are pending");
        assert_eq!(*finished, None, "finished, although rows are pending");
    }
    assert!(finished.is_none() || *rows == task.rows, "finished before the last row");
}

/// The input is the content of a journal, after any interruption.
pub fn check(data: &[u8]) {
    with_scratch(|file| {
        file.fill(data);
        let path = file.path();
        let looked = look(&path);
        assert_eq!(file.content(), data, "looking changes nothing");
        let journal = Journal::open(&path);
        assert_eq!(looked.is_ok(), journal.is_ok(), "a look and the command disagree");
        let Ok(mut journal) = journal else {
            assert_eq!(file.content(), data, "a damaged journal is left as it is");
            return;
        };
        let progress = journal.progress().cloned();
        assert_eq!(looked.ok(), Some(progress.clone()));
        // Only an incomplete last line is removed.
        let kept = file.content();
        assert!(data.starts_with(&kept) && (kept.is_empty() || kept.ends_with(b"\n")));
        assert!(!data[kept.len()..].contains(&b'\n'));
        let Some(progress) = progress else { return };
        check_progress(&progress);

        // It goes on where it stopped, also after one more interruption.
        let submission = Submission { transaction: vec![1, 2, 3], nonce: 4, birth: 5 };
        let left = progress.task.rows - progress.rows;
        let sent = journal.next(1).sending(&submission);
        assert_eq!(sent.is_ok(), left > 0 && progress.pending.is_none(), "{progress:?}");
        drop(journal);
        let mut journal = Journal::open(&path).expect("a journal that was continued");
        let after = journal.progress().cloned().expect("a progress");
        check_progress(&after);
        if sent.is_ok() {
            assert_eq!(after, Progress { pending: Some((submission, 1)), finished: progress.finished, ..progress });
        } else {
            assert_eq!(after, progress);
        }
        if let Some((_, pending)) = &after.pending {
            journal.done(9).expect("the pending rows are completed");
            let done = journal.progress().cloned().expect("a progress");
            assert_eq!(done.rows, after.rows + pending);
            assert_eq!(look(&path).ok().flatten(), Some(done));
        }
    });
}
