//! The memory does not depend on the size of the file. The only test of its program, as the measurement is global.

use std::{
    fs::{self, File},
    io::Read,
};

use patronage_gateway::{
    key_folder::KeyFolder,
    open::{open_file, Published},
    seal::seal_file,
};

/// Peak memory of this process, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// `PATRONAGE_FILE_MIB` sets the size: 4096 takes some minutes.
#[test]
fn sealing_and_opening_a_large_file_takes_little_memory() {
    let mib: u64 = std::env::var("PATRONAGE_FILE_MIB").map_or(256, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // Sparse: it takes no space on the disk.
    File::create(path("plain")).unwrap().set_len(mib << 20).unwrap();
    let keys = KeyFolder::open(&path("keys")).unwrap();
    let before = peak();

    let begin = std::time::Instant::now();
    let sealed = seal_file(&path("plain"), &path("sealed"), &keys, |_, _| ()).unwrap();
    let sealing = begin.elapsed().as_secs_f64();
    let secret = keys.load(&sealed.public_key).unwrap().unwrap();
    let published = Published { public_key: sealed.public_key, hash: sealed.hash };
    let begin = std::time::Instant::now();
    let size = open_file(&path("sealed"), &secret, &published, &path("opened"), |_| ()).unwrap();
    let opening = begin.elapsed().as_secs_f64();

    let grown = peak() - before;
    let rate = |seconds| mib as f64 / seconds;
    println!(
        "{mib} MiB: sealed at {:.0} MiB/s, opened at {:.0} MiB/s, {grown} KiB more memory",
        rate(sealing),
        rate(opening)
    );
    assert_eq!(size, mib << 20);
    let mut start = vec![1; 1 << 16];
    File::open(path("opened")).unwrap().read_exact(&mut start).unwrap();
    assert!(start.iter().all(|byte| *byte == 0));
    assert!(grown < 16 * 1024, "{grown} KiB for a file of {mib} MiB");
}
