//! What the commands print: each `tests/cli/*.trycmd` is a session.

#[test]
fn sessions() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd");
}
