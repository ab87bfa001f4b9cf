//! Links the system's PROJ: `proj-sys` is built without its own search (feature `nobuild`).

fn main() {
    println!("cargo:rustc-link-lib=proj");
}
