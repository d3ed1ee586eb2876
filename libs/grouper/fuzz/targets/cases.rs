#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| medfund_grouper_fuzz::cases(bytes));
