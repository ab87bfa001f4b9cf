//! The bridge to libFuzzer, which takes the process over and leaves it itself.

use std::ffi::{CString, c_char, c_int};
use std::process::ExitCode;
use std::sync::OnceLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

use crate::{Target, lines};

static TARGET: OnceLock<Target> = OnceLock::new();

fuzz_target!(|input: &[u8]| {
    if let Some(target) = TARGET.get() {
        target(input);
    }
});

// Bytes at random, or lines at random: inputs in lines need both.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mutated = data.get(..size).filter(|_| !seed.is_multiple_of(3)).and_then(|input| lines::mutate(input, seed));
    match mutated.filter(|mutated| mutated.len() <= max_size) {
        Some(mutated) => {
            data[..mutated.len()].copy_from_slice(&mutated);
            mutated.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
});

type Callback = extern "C" fn(*const u8, usize) -> c_int;

#[expect(unsafe_code, reason = "entry points of the C++ engine")]
unsafe extern "C" {
    fn LLVMFuzzerRunDriver(argc: *mut c_int, argv: *mut *mut *mut c_char, callback: Callback) -> c_int;
    safe fn LLVMFuzzerTestOneInput(data: *const u8, size: usize) -> c_int;
}

/// Runs libFuzzer with this process's arguments.
pub fn work(target: Target) -> ExitCode {
    TARGET.get_or_init(|| target);
    let arguments: Vec<CString> = std::env::args().filter_map(|argument| CString::new(argument).ok()).collect();
    let mut pointers: Vec<*mut c_char> = arguments.iter().map(|argument| argument.as_ptr().cast_mut()).collect();
    let (Ok(mut count), argv) = (c_int::try_from(pointers.len()), {
        pointers.push(std::ptr::null_mut());
        &mut pointers.as_mut_ptr()
    }) else {
        return ExitCode::FAILURE;
    };
    #[expect(unsafe_code, reason = "a C vector of live, null-terminated strings, ended by a null pointer")]
    let code = unsafe { LLVMFuzzerRunDriver(&raw mut count, std::ptr::from_mut(argv), LLVMFuzzerTestOneInput) };
    if code == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
