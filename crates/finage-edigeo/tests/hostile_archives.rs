//! What an archive may not do: each refusal names the archive, and what in it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/tiny_lot.rs"]
mod tiny_lot;

use std::io::{Read as _, Write as _};

use finage_edigeo::{EdigeoError, Excess, Limits, Lot, Lots, Refusal, read_lots};
use tar::{Builder, EntryType, Header};

fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Lot>, EdigeoError> {
    Lots::from_reader("piège.tar.bz2", bytes, limits)?.collect()
}

fn error(bytes: &[u8]) -> EdigeoError {
    read(bytes, &Limits::default()).expect_err("a refusal")
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, kind, bytes) in entries {
        let mut header = Header::new_gnu();
        // The path is written raw: the crate itself refuses to write a climbing one.
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        if matches!(kind, EntryType::Symlink | EntryType::Link) {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn lot_tar() -> Vec<u8> {
    let files = tiny_lot::files();
    let entries: Vec<_> =
        files.iter().map(|(name, bytes)| (name.as_str(), EntryType::Regular, bytes.as_slice())).collect();
    tar(&entries)
}

#[test]
fn a_sound_archive_passes_packed_or_not() {
    assert_eq!(read(&bzip2(&lot_tar()), &Limits::default()).unwrap().len(), 1);
    assert_eq!(read(&lot_tar(), &Limits::default()).unwrap().len(), 1);
}

#[test]
fn entries_that_are_not_plain_files_are_refused_by_name() {
    let cases = [
        ("lien.vec", EntryType::Symlink, Refusal::Link),
        ("lien.vec", EntryType::Link, Refusal::Link),
        ("tube", EntryType::Fifo, Refusal::NotRegular),
        ("disque", EntryType::Block, Refusal::NotRegular),
        ("../dehors.THF", EntryType::Regular, Refusal::Climbs),
        ("a\\..\\..\\dehors.THF", EntryType::Regular, Refusal::Climbs),
        ("/etc/absolu.THF", EntryType::Regular, Refusal::Absolute),
    ];
    for (path, kind, expected) in cases {
        match error(&tar(&[(path, kind, b"")])) {
            EdigeoError::ForbiddenEntry { archive, entry, reason } => {
                assert_eq!((archive.as_str(), entry.as_str(), reason), ("piège.tar.bz2", path, expected));
            }
            other => panic!("{path} {kind:?}: {other}"),
        }
    }
    assert!(matches!(error(&tar(&[("creux", EntryType::GNUSparse, b"")])), EdigeoError::DamagedArchive { .. }));
    let twice = tar(&[("E.THF", EntryType::Regular, b"a"), ("e.thf", EntryType::Regular, b"b")]);
    assert!(matches!(error(&twice), EdigeoError::ForbiddenEntry { reason: Refusal::Twice, .. }));
}

#[test]
fn a_bomb_stops_early() {
    // 200 MB of zeros in some hundreds of bytes, streamed: nothing of that size is ever held.
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    let mut header = Header::new_gnu();
    header.set_path("E0TT01.THF").unwrap();
    header.set_size(100 << 20);
    header.set_cksum();
    encoder.write_all(header.as_bytes()).unwrap();
    std::io::copy(&mut std::io::repeat(0).take(30 << 20), &mut encoder).unwrap();
    let bomb = encoder.finish().unwrap();
    let excess = |error| match error {
        EdigeoError::LimitExceeded { excess, .. } => excess,
        other => panic!("{other}"),
    };
    assert_eq!(excess(error(&bomb)), Excess::Ratio(200));
    let lax = Limits { max_ratio: u64::MAX, max_total_bytes: 10 << 20, ..Limits::default() };
    assert_eq!(excess(read(&bomb, &lax).unwrap_err()), Excess::Total(10 << 20));
    let small = Limits { max_file_bytes: 1000, ..Limits::default() };
    assert_eq!(excess(read(&bzip2(&lot_tar()), &small).unwrap_err()), Excess::File(1000));
    let few = Limits { max_entries: 3, ..Limits::default() };
    assert_eq!(excess(read(&lot_tar(), &few).unwrap_err()), Excess::Entries(3));
    let light = Limits { max_compressed_bytes: 500, ..Limits::default() };
    assert_eq!(excess(read(&lot_tar(), &light).unwrap_err()), Excess::Compressed(500));
}

#[test]
fn a_cut_or_flipped_archive_is_refused_wherever_it_is_hurt() {
    let packed = bzip2(&lot_tar());
    let sound = read(&packed, &Limits::default()).unwrap();
    for cut in (0..packed.len()).step_by(packed.len() / 60 + 1) {
        let Err(error) = read(&packed[..cut], &Limits::default()) else { panic!("cut at {cut} of {}", packed.len()) };
        let message = error.to_string();
        assert!(message.starts_with("« piège.tar.bz2 »"), "{message}");
    }
    for index in (4..packed.len()).step_by(packed.len() / 60 + 1) {
        let mut hurt = packed.clone();
        hurt[index] ^= 0x10;
        match read(&hurt, &Limits::default()) {
            Err(EdigeoError::DamagedArchive { .. }) => {}
            // Some bits of the coding tables serve no symbol: what unpacks has kept its checksum.
            Ok(lots) => assert_eq!(lots, sound, "byte {index}"),
            other => panic!("byte {index} of {}: {:?}", packed.len(), other.err()),
        }
    }
    let plain = lot_tar();
    // Without the two closing blocks a tar is whole: cut inside the last file.
    let end = plain.len() - 1024 - 600;
    for cut in (1..end).step_by(end / 60 + 1) {
        assert!(read(&plain[..cut], &Limits::default()).is_err(), "cut at {cut}");
    }
}

#[test]
fn what_is_no_archive_says_so() {
    assert!(matches!(error(b""), EdigeoError::NoLot { .. }));
    assert!(matches!(error(&[7; 4096]), EdigeoError::NotAnArchive { .. }));
    assert!(matches!(error(&bzip2(b"")), EdigeoError::NoLot { .. }));
    assert!(matches!(error(&tar(&[("a.txt", EntryType::Regular, b"a")])), EdigeoError::NoLot { .. }));
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(read_lots(dir.path(), &Limits::default()), Err(EdigeoError::NoLot { .. })));
    let absent = dir.path().join("absent.tar.bz2");
    assert!(matches!(read_lots(&absent, &Limits::default()), Err(EdigeoError::Unreadable { .. })));
}

#[cfg(unix)]
#[test]
fn a_link_in_a_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/etc/hostname", dir.path().join("E0TT01.THF")).unwrap();
    let refused = read_lots(dir.path(), &Limits::default());
    assert!(matches!(refused, Err(EdigeoError::ForbiddenEntry { reason: Refusal::Link, .. })));
}
