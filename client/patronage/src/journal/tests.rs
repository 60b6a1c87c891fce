use super::*;

fn task(rows: usize) -> Task {
    Task::new(&[1; 32], &[2; 32].into(), &[3; 32].into(), "send tokens".to_owned(), rows, [4; 32])
}

fn submission(nonce: u64) -> Submission {
    Submission { transaction: vec![7, 8, 9], nonce, birth: 5 }
}

fn at(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("thanks.csv.journal")
}

#[test]
fn what_was_written_is_there_again_after_every_line() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = at(&folder);
    let mut journal = Journal::open(&path).unwrap();
    assert_eq!(journal.progress(), None);
    journal.begin(task(3)).unwrap();
    let steps: [fn(&mut Journal); 6] = [
        |journal| journal.next(2).sending(&submission(1)).unwrap(),
        |journal| journal.done(9).unwrap(),
        |journal| journal.next(1).sending(&submission(2)).unwrap(),
        |journal| journal.next(1).rejected().unwrap(),
        |journal| journal.next(1).sending(&submission(2)).unwrap(),
        |journal| journal.done(11).unwrap(),
    ];
    for step in steps {
        step(&mut journal);
        let before = journal.progress().cloned();
        drop(journal);
        journal = Journal::open(&path).unwrap();
        assert_eq!(journal.progress(), before.as_ref());
    }
    journal.finish().unwrap();
    let progress = look(&path).unwrap().unwrap();
    assert_eq!(progress.rows, 3);
    assert_eq!(progress.transactions, 2);
    assert_eq!(progress.block, 11);
    assert!(progress.finished.is_some() && progress.pending.is_none());
}

#[test]
fn cut_off_anywhere_it_is_what_it_was_after_one_of_its_lines() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = at(&folder);
    let mut journal = Journal::open(&path).unwrap();
    let mut stages = vec![None];
    journal.begin(task(4)).unwrap();
    stages.push(journal.progress().cloned());
    for nonce in 0..2 {
        journal.next(2).sending(&submission(nonce)).unwrap();
        stages.push(journal.progress().cloned());
        journal.done(6).unwrap();
        stages.push(journal.progress().cloned());
    }
    drop(journal);
    let text = fs::read(&path).unwrap();
    for length in 0..text.len() {
        fs::write(&path, &text[..length]).unwrap();
        let mut journal = Journal::open(&path).unwrap();
        let lines = text[..length].iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(journal.progress(), stages[lines].as_ref(), "{length} bytes");
        // It goes on from there, and what was cut off is not in the way.
        if lines == 1 {
            journal.next(1).sending(&submission(9)).unwrap();
            drop(journal);
            assert_eq!(look(&path).unwrap().unwrap().pending, Some((submission(9), 1)));
        }
    }
}

#[test]
fn two_processes_do_not_write_the_same_journal() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = at(&folder);
    let first = Journal::open(&path).unwrap();
    let error = Journal::open(&path).err().unwrap();
    assert!(error.to_string().contains("another command is processing the same rows"), "{error}");
    drop(first);
    Journal::open(&path).unwrap();
}

#[test]
fn a_journal_that_makes_no_sense_is_refused_with_its_line() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = at(&folder);
    let mut journal = Journal::open(&path).unwrap();
    journal.begin(task(2)).unwrap();
    assert!(journal.done(1).is_err(), "nothing is pending");
    drop(journal);
    let good = fs::read_to_string(&path).unwrap();
    for bad in ["{}\n", "rows\n", "{\"done\":{\"rows\":1,\"block\":2}}\n", "{\"finished\":{\"time\":1}}\n"] {
        fs::write(&path, [&good, bad].concat()).unwrap();
        let error = Journal::open(&path).err().unwrap().to_string();
        assert!(error.contains("journal:2: the journal is damaged"), "{error}");
    }
}

#[test]
fn each_chain_contract_sender_and_task_has_its_own() {
    let file = Path::new("lists/thanks.csv");
    let path = task(2).path(file);
    assert_eq!(path.parent(), file.parent());
    assert!(path.to_str().unwrap().starts_with("lists/thanks.csv."));
    assert_eq!(task(3).path(file), path, "a changed file must meet the journal of what it was");
    let other = Task::new(&[9; 32], &[2; 32].into(), &[3; 32].into(), "send tokens".to_owned(), 2, [4; 32]);
    assert_ne!(other.path(file), path);
}
