# The usual ways to work on rasad; each line can be typed by hand as well.
run *ARGS:
    cargo run --release --locked -- {{ARGS}}
test *ARGS:
    ./test {{ARGS}}
check:
    .ci/run
schema:
    cargo run --quiet -- schema > config/schema.json
